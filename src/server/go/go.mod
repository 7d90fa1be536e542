module time-wait-bench/hello

go 1.19
