package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"
)

// makeRequest tells whether it had a connection. Latency counts from when it was meant to begin; the zero time: now.
func (l *load) makeRequest(intended time.Time) bool {
	began := time.Now()
	if intended.IsZero() {
		intended = began
	}
	ctx, cancel := context.WithTimeout(l.context, l.timeout)
	defer cancel()
	connected := false
	// net/http repeats a request that it has lost with a connection that was idle before, and says so nowhere else.
	var on atomic.Pointer[conn]
	var written atomic.Bool
	// When it was written, since it began.
	var handed atomic.Int64
	trace := &httptrace.ClientTrace{
		GotConn: func(got httptrace.GotConnInfo) {
			connected = true
			next := connOf(got.Conn)
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
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			written.Store(info.Err == nil)
			handed.Store(int64(time.Since(began)))
		},
		GotFirstResponseByte: func() {
			l.tally.answered(time.Since(began) - time.Duration(handed.Load()))
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
	response, err := l.client.Do(l.nextRequest(httptrace.WithClientTrace(ctx, trace)))
	if err == nil && l.plan.Drain {
		_, err = io.Copy(io.Discard, response.Body)
	}
	if response != nil {
		response.Body.Close()
	}
	ended := time.Now()
	came := outcome{}
	if err == nil {
		l.tally.status(response.StatusCode)
	}
	switch {
	case err != nil:
		with := failureOf(err, l.context.Err() != nil)
		came = outcomeOf(with, err)
		if !connected && with.call == "" && with.kind != unfinished {
			with.call = "connect"
		}
		l.tally.failed(with, connected)
	case !l.succeeds(response.StatusCode):
		l.tally.failed(failure{kind: "HTTP " + strconv.Itoa(response.StatusCode)}, true)
		came = l.afterAnswer(response)
	default:
		l.tally.succeeded(ended.Sub(intended), ended.Sub(began))
		came = l.afterAnswer(response)
	}
	if carrier := on.Load(); carrier != nil {
		carrier.finished(ctx, came)
	}
	return connected
}

func (l *load) succeeds(status int) bool {
	return status < len(l.plan.Success) && l.plan.Success[status]
}

// What an answer means for its connection.
func (l *load) afterAnswer(response *http.Response) outcome {
	switch {
	case l.patient:
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
