package main

import (
	"sync"
	"syscall"
	"time"
)

// The timeline's grid, the same for every kind of client.
const interval = 100 * time.Millisecond

type closings struct {
	Client int64 `json:"client"`
	Server int64 `json:"server"`
	Reset  int64 `json:"reset"`
}

// The books at the end. Failures are named by kind, or "errno:111" for the other side to name.
type counts struct {
	Sent           int64            `json:"sent"`
	Succeeded      int64            `json:"succeeded"`
	Failed         int64            `json:"failed"`
	Errors         map[string]int64 `json:"errors"`
	Statuses       map[int]int64    `json:"statuses"`
	ErrorsByCall   map[string]int64 `json:"errorsByCall"`
	Opened         int64            `json:"opened"`
	ConnectsFailed int64            `json:"connectsFailed"`
	Unsent         int64            `json:"unsent"`
	Closed         closings         `json:"closed"`
	Closings       closeCounts      `json:"closings"`
	// For which threads of this program waited for a processor; nil where the kernel does not tell.
	WaitMs   *float64 `json:"waitMs"`
	Connects []uint32 `json:"connects"`
	// Of TLS.
	Handshakes []uint32 `json:"handshakes"`
	FirstBytes []uint32 `json:"firstBytes"`
	// Of an open loop: latencies from the real start of each request.
	Uncorrected []uint32 `json:"uncorrected"`
	// Since the start: the last request that succeeded, or failed otherwise than by the load's end; -1: none has.
	LastOutcomeMs float64 `json:"lastOutcomeMs"`
}

// Every outcome of the load, told by many goroutines. Latencies leave it with each interval.
type tally struct {
	mutex       sync.Mutex
	startedAt   time.Time
	requests    *int64
	begun       int64
	over        bool
	counts      counts
	latency     histogram
	connect     histogram
	handshake   histogram
	firstByte   histogram
	uncorrected *histogram
	intervals   [][]uint32
	intervalEnd time.Duration
	lastOutcome time.Duration
}

func newTally(requests *int64, paced bool) *tally {
	t := &tally{
		requests:    requests,
		intervalEnd: interval,
		lastOutcome: -1,
		counts:      counts{Errors: map[string]int64{}, Statuses: map[int]int64{}, ErrorsByCall: map[string]int64{}, Closings: newCloseCounts()},
	}
	if paced {
		t.uncorrected = &histogram{}
	}
	return t
}

// take says whether another request may begin, and counts it as sent.
func (t *tally) take() bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.over || t.requests != nil && t.begun >= *t.requests {
		return false
	}
	t.begun++
	t.counts.Sent++
	return true
}

// exhausted: all requests of a number have begun.
func (t *tally) exhausted() bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.requests != nil && t.begun >= *t.requests
}

// repeated counts a request that net/http has sent, lost with its connection, and sends once more by itself.
func (t *tally) repeated(lost failure) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.counts.Sent++
	t.counts.Failed++
	t.counts.Closings.Repeated++
	t.countError(lost)
}

func (t *tally) countError(with failure) {
	t.counts.Errors[with.kind]++
	if with.call != "" {
		t.counts.ErrorsByCall[with.call+" "+with.kind]++
	}
}

// end lets no further request begin.
func (t *tally) end() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.over = true
}

// status counts a whole answer.
func (t *tally) status(status int) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.counts.Statuses[status]++
}

// leftOut counts requests that were due and not sent: none where the number of requests has ended the load.
func (t *tally) leftOut(unsent int64) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.requests == nil || t.begun < *t.requests {
		t.counts.Unsent = unsent
	}
}

// succeeded: `uncorrected` counts from the real start instead of the intended one.
func (t *tally) succeeded(latency, uncorrected time.Duration) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	// By the clock in here, so that outcomes stand in the order in which they are written.
	t.lastOutcome = time.Since(t.startedAt)
	t.passTo(t.lastOutcome)
	t.counts.Succeeded++
	t.latency.record(latency)
	if t.uncorrected != nil {
		t.uncorrected.record(uncorrected)
	}
}

func (t *tally) failed(with failure, connected bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.counts.Failed++
	t.countError(with)
	if !connected {
		t.counts.ConnectsFailed++
	}
	// To wait for what never comes is no load: it must not stretch the time that a rate is computed over.
	if with.kind != unfinished {
		t.lastOutcome = time.Since(t.startedAt)
	}
}

func (t *tally) connected(after time.Duration) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.counts.Opened++
	t.connect.record(after)
}

// secured: a TLS handshake took so long.
func (t *tally) secured(after time.Duration) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.handshake.record(after)
}

// answered: the first byte of an answer came so long after its request was written.
func (t *tally) answered(after time.Duration) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.firstByte.record(after)
}

// stale counts a request that failed because the server had just ended its connection, which had served others.
func (t *tally) stale(served int64, idleBefore time.Duration) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.counts.Closings.tell(stale, served, idleBefore)
}

func (t *tally) closed(by ender, cause string, served int64, idleFor time.Duration) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.counts.Closings.ended(cause, served, idleFor)
	switch by {
	case byServer:
		t.counts.Closed.Server++
	case byReset:
		t.counts.Closed.Reset++
	default:
		t.counts.Closed.Client++
	}
}

func (t *tally) waited(before, after *float64) {
	if before == nil || after == nil {
		return
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	waited := *after - *before
	t.counts.WaitMs = &waited
}

// handOut gives away the intervals that are over, empty ones too, with the counts up to now.
func (t *tally) handOut() message {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.passTo(time.Since(t.startedAt))
	return t.intervalsUpToNow()
}

// close gives away the interval that is open as well, and the books.
func (t *tally) close() (message, counts) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.intervals = append(t.intervals, t.latency.take())
	t.counts.Connects = t.connect.take()
	t.counts.Handshakes = t.handshake.take()
	t.counts.FirstBytes = t.firstByte.take()
	t.counts.Uncorrected = []uint32{}
	if t.uncorrected != nil {
		t.counts.Uncorrected = t.uncorrected.take()
	}
	t.counts.LastOutcomeMs = -1
	if t.lastOutcome >= 0 {
		t.counts.LastOutcomeMs = float64(t.lastOutcome) / float64(time.Millisecond)
	}
	return t.intervalsUpToNow(), t.counts
}

func (t *tally) intervalsUpToNow() message {
	handed := t.intervals
	t.intervals = nil
	return message{
		Type:      "intervals",
		Latencies: handed,
		Succeeded: t.counts.Succeeded,
		Failed:    t.counts.Failed,
		Opened:    t.counts.Opened,
		NoPort:    t.counts.Errors[nameOf(syscall.EADDRNOTAVAIL)] + t.counts.Errors[nameOf(syscall.EADDRINUSE)],
	}
}

func (t *tally) passTo(now time.Duration) {
	for ; now >= t.intervalEnd; t.intervalEnd += interval {
		t.intervals = append(t.intervals, t.latency.take())
	}
}
