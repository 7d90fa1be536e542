// A real net/http client that makes one load. It is the child of the client's process, and they speak in lines: the
// plan comes as JSON on stdin, then "go", and perhaps "stop"; books go to stdout as JSON. When stdin ends, whoever
// wanted this load is gone, and so is this process at once.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"log"
	"os"
	"runtime"
	"time"
)

type plan struct {
	Host string `json:"host"`
	Port int    `json:"port"`
	// nil: plain HTTP.
	TLS *tlsPlan `json:"tls"`
	// In turn.
	Paths   []string          `json:"paths"`
	Method  string            `json:"method"`
	Headers map[string]string `json:"headers"`
	// nil: none.
	Body []byte `json:"body"`
	// By status: it counts as success.
	Success     []bool `json:"success"`
	Connections int    `json:"connections"`
	DurationMs  int64  `json:"durationMs"`
	// nil: as many as there is time for.
	Requests  *int64 `json:"requests"`
	Close     bool   `json:"close"`
	Closer    string `json:"closer"`
	TimeoutMs int64  `json:"timeoutMs"`
	// false: bodies are closed without having been read.
	Drain           bool `json:"drain"`
	IdleConnections int  `json:"idleConnections"`
	// nil: a closed loop.
	Pace *pacePlan `json:"pace"`
	// nil: no pauses.
	Pauses *pausePlan `json:"pauses"`
}

type tlsPlan struct {
	// What the server's certificate is checked against, in PEM; nil: nothing is checked.
	CA *string `json:"ca"`
}

type pausePlan struct {
	ThinkMs struct {
		From int64 `json:"from"`
		To   int64 `json:"to"`
	} `json:"thinkMs"`
	// nil: each goroutine pauses by itself.
	Batch *int64 `json:"batch"`
	Seed  int64  `json:"seed"`
}

// One line of what goes to stdout.
type message struct {
	Type string `json:"type"`
	// Of "ready": threads that may run at the same time.
	Threads int `json:"threads,omitempty"`
	// Of "intervals": latencies of the successes in 100 ms each, as pairs of value and count.
	Latencies [][]uint32 `json:"latencies,omitempty"`
	Succeeded int64      `json:"succeeded"`
	Failed    int64      `json:"failed"`
	Opened    int64      `json:"opened"`
	// Requests that failed because no local port was free.
	NoPort int64 `json:"noPort"`
	// Of "done".
	Counts *counts `json:"counts,omitempty"`
}

func main() {
	log.SetFlags(0)
	lines := make(chan string)
	go readLines(lines)
	var asked plan
	if err := json.Unmarshal([]byte(<-lines), &asked); err != nil {
		log.Fatal(err)
	}
	out := json.NewEncoder(os.Stdout)
	say := func(m message) {
		if err := out.Encode(m); err != nil {
			os.Exit(0)
		}
	}
	made := newLoad(asked)
	say(message{Type: "ready", Threads: runtime.GOMAXPROCS(0)})
	if <-lines != "go" {
		log.Fatal("told to stop before it began")
	}
	// net/http logs each answer that nobody asked for; the pipe that it goes to would fill up.
	log.SetOutput(io.Discard)
	done := made.start()
	ticker := time.NewTicker(interval)
	for {
		select {
		case <-lines:
			made.stop()
		case <-ticker.C:
			say(made.tally.handOut())
		case <-done:
			last, total := made.tally.close()
			say(last)
			say(message{Type: "done", Counts: &total})
			// It stays until it is let go, so that its CPU time can be read.
			for range lines {
			}
		}
	}
}

func readLines(lines chan<- string) {
	scanner := bufio.NewScanner(os.Stdin)
	scanner.Buffer(nil, 1<<22)
	for scanner.Scan() {
		lines <- scanner.Text()
	}
	os.Exit(0)
}
