package main

import (
	"context"
	"errors"
	"syscall"
	"time"
)

// Why a connection ended: see src/metrics/close-causes.ts.
const (
	asked       = "asked"
	byAnswer    = "answer"
	idle        = "idle"
	midRequest  = "mid-request"
	reset       = "reset"
	timedOut    = "timeout"
	notHTTP     = "malformed"
	otherError  = "error"
	clientLimit = "client-limit"
	bodyUnread  = "body-unread"
	idlePool    = "idle-pool"
	endOfLoad   = "end-of-load"
	unknown     = "unknown"
	stale       = "stale"
)

// What is known of a connection and of the requests on it, for the cause of its end to be told. net/http closes it in one
// goroutine, and what came of the last request on it is known in another: the later of both tells the books.
type carrying struct {
	request context.Context
	// The request is on it, and nobody knows yet what comes of it.
	busy bool
	// Of the request: a byte of its answer has come.
	answered bool
	// The last request got no whole answer.
	failed bool
	served int64
	// Since the end of the last request; and how long that was when the next one came.
	idleSince  time.Time
	idleBefore time.Duration
	// Who has said that the connection ends with the last answer: `asked` or `answer`.
	announced string
	// Why the client ends it.
	own string
}

// What came of a request, as far as it concerns its connection.
type outcome struct {
	failed    bool
	announced string
	own       string
}

// begins tells that it carries another request.
func (c *carrying) begins(request context.Context) {
	if c.busy {
		// net/http has given it away before the goroutine of the last request came so far.
		c.finish(outcome{})
	}
	c.request, c.busy, c.answered = request, true, false
	if c.served > 0 {
		c.idleBefore = time.Since(c.idleSince)
	}
}

func (c *carrying) finish(with outcome) {
	c.busy, c.failed = false, with.failed
	if !with.failed {
		c.served++
		c.idleSince = time.Now()
	}
	if c.announced == "" {
		c.announced = with.announced
	}
	if c.own == "" {
		c.own = with.own
	}
}

// isStale tells of a request that failed: a connection that has served others was lost without a byte of its answer.
func (c *carrying) isStale() bool {
	return c.served > 0 && !c.answered && c.announced == ""
}

// cause: `by` is who ended it, by what reached the client first.
func (c *carrying) cause(by ender) string {
	switch {
	case c.own == notHTTP:
		return c.own
	case c.announced != "":
		return c.announced
	case by == byReset:
		return reset
	case by == byServer && c.failed:
		return midRequest
	case by == byServer:
		return idle
	case c.own != "":
		return c.own
	default:
		return unknown
	}
}

// outcomeOf tells what a failed request means for its connection.
func outcomeOf(with failure, err error) outcome {
	switch {
	case with.kind == unfinished:
		return outcome{failed: true, own: endOfLoad}
	case errors.Is(err, context.DeadlineExceeded):
		return outcome{failed: true, own: timedOut}
	case with.kind == malformed:
		return outcome{failed: true, own: notHTTP}
	case with.kind == serverClosed, errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return outcome{failed: true}
	default:
		return outcome{failed: true, own: otherError}
	}
}

// The causes of ends, and what connections had carried: see CloseCounts in src/client/books/closings.ts.
type closeCounts struct {
	Causes   map[string]int64  `json:"causes"`
	After    map[string]*after `json:"after"`
	Repeated int64             `json:"repeated"`
}

type after struct {
	Requests map[int64]int64 `json:"requests"`
	IdleMs   map[int64]int64 `json:"idleMs"`
}

func newCloseCounts() closeCounts {
	return closeCounts{Causes: map[string]int64{}, After: map[string]*after{}}
}

func (c *closeCounts) ended(cause string, served int64, idleFor time.Duration) {
	c.Causes[cause]++
	if cause == byAnswer || cause == idle {
		c.tell(cause, served, idleFor)
	}
}

func (c *closeCounts) tell(end string, served int64, idleFor time.Duration) {
	told := c.After[end]
	if told == nil {
		told = &after{Requests: map[int64]int64{}, IdleMs: map[int64]int64{}}
		c.After[end] = told
	}
	told.Requests[served]++
	told.IdleMs[idleFor.Round(time.Millisecond).Milliseconds()]++
}
