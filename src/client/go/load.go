package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"log"
	"math/rand"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// What is in flight when the load ends may still complete for so long; somebody who has stopped it waits less.
	longestDrain = 3 * time.Second
	stoppedDrain = 500 * time.Millisecond
	// After that connections are so long waited for, which is longer than the server may take to close its.
	longestClosing = 2 * time.Second
	firstBackoff   = 10 * time.Millisecond
	longestBackoff = 500 * time.Millisecond
)

// So many goroutines, each with one request at a time, share one http.Client, as they do in a service.
type load struct {
	plan      plan
	timeout   time.Duration
	tally     *tally
	turns     turns
	transport *http.Transport
	client    *http.Client
	// One for each path, in turn.
	requests []*http.Request
	turn     atomic.Int64
	dialer   net.Dialer
	// nil: plain HTTP.
	secured *tls.Config
	// Connections are left to the server to close.
	patient bool
	// Ends with the drain: what is still in flight has failed.
	context context.Context
	abandon context.CancelFunc
	// Closed when the load is over.
	over chan struct{}
	// Closed when no further request may begin: then, or when all of a number have begun.
	spent     chan struct{}
	spendOnce sync.Once
	stopped   chan struct{}
	stopOnce  sync.Once
	// By plan, or until it was stopped; known at its end.
	lasted  time.Duration
	open    atomic.Int64
	dialing atomic.Int64
}

func newLoad(asked plan) *load {
	timeout := time.Duration(asked.TimeoutMs) * time.Millisecond
	l := &load{
		plan:    asked,
		timeout: timeout,
		tally:   newTally(asked.Requests, asked.Pace != nil),
		patient: asked.Close && asked.Closer == "server",
		over:    make(chan struct{}),
		spent:   make(chan struct{}),
		stopped: make(chan struct{}),
	}
	if asked.TLS != nil {
		l.secured = securedBy(asked.TLS, asked.Host)
	}
	l.context, l.abandon = context.WithCancel(context.Background())
	// The transport goes on dialing for a request that was given up; the context that it does so with never ends.
	l.dialer = net.Dialer{Timeout: timeout, Cancel: l.context.Done()}
	l.transport = &http.Transport{
		DialContext:    l.dial,
		DialTLSContext: l.dialTLS,
		// 0 would mean Go's default; -1 keeps none, and unlike `Connection: close` does not tell the server.
		MaxIdleConnsPerHost: asked.IdleConnections,
	}
	if asked.IdleConnections == 0 || asked.Close && !l.patient {
		l.transport.MaxIdleConnsPerHost = -1
	}
	l.client = &http.Client{
		Transport: l.transport,
		// A redirect is an answer like any other.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for _, path := range asked.Paths {
		l.requests = append(l.requests, requestTo(path, asked, l.patient))
	}
	return l
}

func requestTo(path string, asked plan, close bool) *http.Request {
	scheme := "http://"
	if asked.TLS != nil {
		scheme = "https://"
	}
	url := scheme + net.JoinHostPort(asked.Host, strconv.Itoa(asked.Port)) + path
	request, err := http.NewRequest(asked.Method, url, nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Close = close
	for name, value := range asked.Headers {
		if strings.EqualFold(name, "host") {
			request.Host = value
		} else {
			request.Header.Set(name, value)
		}
	}
	return request
}

// nextRequest is what is sent next, with a body of its own to read from.
func (l *load) nextRequest(ctx context.Context) *http.Request {
	nth := l.turn.Add(1) - 1
	request := l.requests[nth%int64(len(l.requests))].WithContext(ctx)
	if len(l.plan.Body) > 0 {
		request.ContentLength = int64(len(l.plan.Body))
		// net/http asks for it once more when it repeats a request.
		request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(l.plan.Body)), nil }
		request.Body, _ = request.GetBody()
	}
	return request
}

// start begins the load; what it returns is closed when the load has ended and its connections are closed.
func (l *load) start() <-chan struct{} {
	l.tally.startedAt = time.Now()
	l.turns = turnsOf(l.plan, l.tally.startedAt)
	waitedBefore := waitOfThreads()
	finished := make(chan struct{})
	var running sync.WaitGroup
	for slot := int64(0); slot < l.slots(); slot++ {
		running.Add(1)
		go func() {
			defer running.Done()
			l.runSlot()
		}()
	}
	go func() {
		running.Wait()
		close(finished)
	}()
	done := make(chan struct{})
	go func() {
		l.waitFor(finished)
		l.tally.leftOut(l.turns.unsent(l.lasted))
		l.closeConnections()
		l.tally.waited(waitedBefore, waitOfThreads())
		close(done)
	}()
	return done
}

// stop ends the load before its time. May be called twice.
func (l *load) stop() {
	l.stopOnce.Do(func() { close(l.stopped) })
}

func (l *load) spend() {
	l.spendOnce.Do(func() { close(l.spent) })
}

func (l *load) slots() int64 {
	if l.plan.Requests != nil && *l.plan.Requests < int64(l.plan.Connections) {
		return *l.plan.Requests
	}
	return int64(l.plan.Connections)
}

func (l *load) waitFor(finished <-chan struct{}) {
	lasts := time.Duration(l.plan.DurationMs) * time.Millisecond
	select {
	case <-finished:
	case <-time.After(lasts):
	case <-l.stopped:
		lasts = shorter(lasts, time.Since(l.tally.startedAt))
	}
	l.tally.end()
	l.spend()
	// What would have been due later is not missing.
	l.lasted = lasts
	close(l.over)
	drained := time.After(shorter(l.timeout, longestDrain))
	stopped := l.stopped
	for {
		select {
		case <-finished:
			return
		case <-stopped:
			stopped = nil
			drained = time.After(shorter(l.timeout, stoppedDrain))
		case <-drained:
			l.abandon()
			drained = nil
		}
	}
}

func (l *load) closeConnections() {
	deadline := time.Now().Add(longestClosing)
	for l.transport.CloseIdleConnections(); l.open.Load()+l.dialing.Load() > 0 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
		l.transport.CloseIdleConnections()
	}
}

func (l *load) runSlot() {
	backoff := firstBackoff
	for {
		intended, ok := l.turns.wait(l.spent)
		if !ok {
			return
		}
		if !l.tally.take() {
			l.turns.missed(intended)
			l.spend()
			return
		}
		if l.tally.exhausted() {
			l.spend()
		}
		connected := l.makeRequest(intended)
		if connected {
			backoff = firstBackoff
		} else {
			// A dead server is not hammered; half of the wait is chance, so that the slots do not come back in one wave.
			l.pause(backoff/2 + time.Duration(rand.Int63n(int64(backoff/2))))
			backoff = shorter(2*backoff, longestBackoff)
		}
		l.pause(l.turns.done())
	}
}

// pause ends early when no further request may begin.
func (l *load) pause(lasts time.Duration) {
	if lasts <= 0 {
		return
	}
	timer := time.NewTimer(lasts)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.spent:
	}
}

// Why net/http closes a connection that no request is on.
func (l *load) whyClosed(served int64) string {
	select {
	case <-l.over:
		return endOfLoad
	default:
	}
	// It was dialed for a request that took another one, and the pool was full.
	if served == 0 {
		return idlePool
	}
	return unknown
}

// The transport dials by itself: it may take an idle connection after all, and keep this one for another request.
func (l *load) dial(ctx context.Context, network, address string) (net.Conn, error) {
	l.dialing.Add(1)
	defer l.dialing.Add(-1)
	began := time.Now()
	made, err := l.dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.tally.connected(time.Since(began))
	l.open.Add(1)
	return &conn{Conn: made, load: l}, nil
}

func shorter(a, b time.Duration) time.Duration {
	if a < b {
		return a
	}
	return b
}
