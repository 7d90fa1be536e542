// A real net/http hello world: the case from which this project began. It is the server of the old post and nothing
// more; only the address comes from outside, and a line says when it listens. A second argument makes the body longer,
// a third and a fourth are the files of a certificate and its key: it then speaks TLS.
package main

import (
	"crypto/tls"
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
	if len(os.Args) < 5 {
		log.Fatal(http.Serve(listener, nil))
	}
	// HTTP/1.1, as without TLS: an empty map keeps HTTP/2 out (net/http, Server.TLSNextProto).
	server := &http.Server{TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){}}
	log.Fatal(server.ServeTLS(listener, os.Args[3], os.Args[4]))
}

func hello() http.HandlerFunc {
	if len(os.Args) < 3 || os.Args[2] == "" {
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
