package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"log"
	"net"
	"time"
)

// With HTTP/1.1 alone, as without TLS, and with a whole handshake on each connection: no session is kept.
func securedBy(asked *tlsPlan, host string) *tls.Config {
	config := &tls.Config{ServerName: host, NextProtos: []string{"http/1.1"}}
	if asked.CA == nil {
		config.InsecureSkipVerify = true
		return config
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM([]byte(*asked.CA)) {
		log.Fatal("no certificate in what the server's is to be checked against")
	}
	return config
}

func (l *load) dialTLS(ctx context.Context, network, address string) (net.Conn, error) {
	plain, err := l.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	secure := tls.Client(plain, l.secured)
	if err := secure.HandshakeContext(ctx); err != nil {
		plain.Close()
		return nil, err
	}
	l.tally.secured(time.Since(began))
	return secure, nil
}

// connOf: the connection below TLS, or the one itself.
func connOf(got net.Conn) *conn {
	if secure, ok := got.(*tls.Conn); ok {
		got = secure.NetConn()
	}
	made, _ := got.(*conn)
	return made
}
