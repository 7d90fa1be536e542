package main

import (
	"context"
	"io"
	"math/rand"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
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

// A closed loop: so many goroutines, each with one request at a time, share one http.Client, as they do in a service.
type load struct {
	plan      plan
	timeout   time.Duration
	tally     *tally
	transport *http.Transport
	client    *http.Client
	request   *http.Request
	dialer    net.Dialer
	// Connections are left to the server to close.
	patient bool
	// Ends with the drain: what is still in flight has failed.
	context context.Context
	abandon context.CancelFunc
	// Closed when no further request may begin.
	over     chan struct{}
	stopped  chan struct{}
	stopOnce sync.Once
	open     atomic.Int64
	dialing  atomic.Int64
}

func newLoad(asked plan) *load {
	timeout := time.Duration(asked.TimeoutMs) * time.Millisecond
	l := &load{
		plan:    asked,
		timeout: timeout,
		tally:   newTally(asked.Requests),
		patient: asked.Close && asked.Closer == "server",
		over:    make(chan struct{}),
		stopped: make(chan struct{}),
	}
	l.context, l.abandon = context.WithCancel(context.Background())
	// The transport goes on dialing for a request that was given up; the context that it does so with never ends.
	l.dialer = net.Dialer{Timeout: timeout, Cancel: l.context.Done()}
	l.transport = &http.Transport{
		DialContext: l.dial,
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
	url := "http://" + net.JoinHostPort(asked.Host, strconv.Itoa(asked.Port)) + asked.Path
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		panic(err)
	}
	request.Close = l.patient
	l.request = request
	return l
}

// start begins the load; what it returns is closed when the load has ended and its connections are closed.
func (l *load) start() <-chan struct{} {
	l.tally.startedAt = time.Now()
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

func (l *load) slots() int64 {
	if l.plan.Requests != nil && *l.plan.Requests < int64(l.plan.Connections) {
		return *l.plan.Requests
	}
	return int64(l.plan.Connections)
}

func (l *load) waitFor(finished <-chan struct{}) {
	select {
	case <-finished:
	case <-time.After(time.Duration(l.plan.DurationMs) * time.Millisecond):
	case <-l.stopped:
	}
	l.tally.end()
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
	for l.tally.take() {
		if l.makeRequest() {
			backoff = firstBackoff
			continue
		}
		// A dead server is not hammered; half of the wait is chance, so that the slots do not come back in one wave.
		wait := backoff/2 + time.Duration(rand.Int63n(int64(backoff/2)))
		backoff = shorter(2*backoff, longestBackoff)
		select {
		case <-time.After(wait):
		case <-l.over:
		}
	}
}

// makeRequest tells whether it had a connection.
func (l *load) makeRequest() bool {
	began := time.Now()
	ctx, cancel := context.WithTimeout(l.context, l.timeout)
	defer cancel()
	connected := false
	// net/http repeats a request that it has lost with a connection that was idle before, and says so nowhere else.
	var on atomic.Pointer[conn]
	var written atomic.Bool
	trace := &httptrace.ClientTrace{
		GotConn: func(got httptrace.GotConnInfo) {
			connected = true
			next, _ := got.Conn.(*conn)
			if last := on.Swap(next); last != nil {
				wasWritten := written.Swap(false)
				if lost := last.lost(ctx, wasWritten); wasWritten {
					l.tally.repeated(lost)
				}
			}
			if next != nil {
				next.serves(ctx)
			}
		},
		WroteRequest: func(info httptrace.WroteRequestInfo) { written.Store(info.Err == nil) },
		GotFirstResponseByte: func() {
			if carrier := on.Load(); carrier != nil {
				carrier.answering(ctx)
			}
		},
		PutIdleConn: func(err error) {
			if carrier := on.Load(); err != nil && carrier != nil {
				carrier.refused(ctx)
			}
		},
	}
	response, err := l.client.Do(l.request.WithContext(httptrace.WithClientTrace(ctx, trace)))
	if err == nil && l.plan.Drain {
		_, err = io.Copy(io.Discard, response.Body)
	}
	if response != nil {
		response.Body.Close()
	}
	took := time.Since(began)
	came := outcome{}
	switch {
	case err != nil:
		with := failureOf(err, l.context.Err() != nil)
		came = outcomeOf(with, err)
		if !connected && with.call == "" && with.kind != unfinished {
			with.call = "connect"
		}
		l.tally.failed(with, connected)
	case response.StatusCode >= 400:
		l.tally.failed(failure{kind: "HTTP " + strconv.Itoa(response.StatusCode)}, true)
		came = l.afterAnswer(response)
	default:
		l.tally.succeeded(took)
		came = l.afterAnswer(response)
	}
	if carrier := on.Load(); carrier != nil {
		carrier.finished(ctx, came)
	}
	return connected
}

// What an answer means for its connection.
func (l *load) afterAnswer(response *http.Response) outcome {
	switch {
	case l.request.Close:
		return outcome{announced: asked}
	case response.Close:
		return outcome{announced: byAnswer}
	case !l.plan.Drain && response.ContentLength != 0:
		return outcome{own: bodyUnread}
	case l.transport.MaxIdleConnsPerHost < 0:
		return outcome{own: l.whyNotKept()}
	default:
		return outcome{}
	}
}

// No connection is kept: because each is to carry one request, or because the pool is to hold none.
func (l *load) whyNotKept() string {
	if l.plan.Close {
		return clientLimit
	}
	return idlePool
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
