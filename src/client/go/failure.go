package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// The names under which every kind of client counts what is no errno: see src/client/failure-kind.ts.
const (
	serverClosed = "server-closed"
	malformed    = "malformed-response"
	unfinished   = "unfinished"
)

type failure struct {
	kind string
	// The system call that an errno came from; empty where there is none.
	call string
}

// failureOf names what came of a request. `over`: its load has been given up.
func failureOf(err error, over bool) failure {
	var errno syscall.Errno
	var timeout net.Error
	switch {
	case over && errors.Is(err, context.Canceled):
		return failure{kind: unfinished}
	case errors.As(err, &errno):
		var call *os.SyscallError
		if errors.As(err, &call) {
			return failure{kind: nameOf(errno), call: call.Syscall}
		}
		return failure{kind: nameOf(errno)}
	case errors.As(err, &timeout) && timeout.Timeout():
		return failure{kind: nameOf(syscall.ETIMEDOUT)}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), isClosedIdle(err):
		return failure{kind: serverClosed}
	default:
		// What is left speaks of a response that is not HTTP.
		return failure{kind: malformed}
	}
}

func nameOf(errno syscall.Errno) string {
	return fmt.Sprintf("errno:%d", int(errno))
}

// net/http keeps this error to itself.
func isClosedIdle(err error) bool {
	return strings.Contains(err.Error(), "server closed idle connection")
}
