package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
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
	certificate  = "certificate"
	handshake    = "tls"
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
	case isCertificate(err):
		return failure{kind: certificate}
	case isHandshake(err):
		return failure{kind: handshake}
	default:
		// What is left speaks of a response that is not HTTP.
		return failure{kind: malformed}
	}
}

func isCertificate(err error) bool {
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid)
}

// What does not begin as TLS, and what the server says of a handshake, whose type is crypto/tls' own.
func isHandshake(err error) bool {
	var header tls.RecordHeaderError
	return errors.As(err, &header) || strings.Contains(err.Error(), "tls: ")
}

func nameOf(errno syscall.Errno) string {
	return fmt.Sprintf("errno:%d", int(errno))
}

// net/http keeps this error to itself.
func isClosedIdle(err error) bool {
	return strings.Contains(err.Error(), "server closed idle connection")
}
