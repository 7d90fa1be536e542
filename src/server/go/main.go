// A real net/http hello world: the case from which this project began. It is the server of the old post and nothing
// more; only the address comes from outside, and a line says when it listens. A second argument makes the body longer.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
)

func main() {
	http.HandleFunc("/", hello())
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}

func hello() http.HandlerFunc {
	if len(os.Args) < 3 {
		return func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "Hello, World!\n")
		}
	}
	length, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	const line = "Hello, World!\n"
	body := []byte(strings.Repeat(line, length/len(line)+1)[:length])
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", os.Args[2])
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Write(body)
	}
}
