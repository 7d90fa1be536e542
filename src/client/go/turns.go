package main

import (
	"sync"
	"time"
)

// Who makes the next request, and when: see src/client/pace/turns.ts.
type turns interface {
	// wait blocks a goroutine until it may make its next request; false: none may begin any more. Returns when the request
	// was meant to begin; the zero time where nothing says so.
	wait(spent <-chan struct{}) (time.Time, bool)
	// missed: the load was over, or had made its requests, when the one that was to begin then could.
	missed(intended time.Time)
	// done tells of a request that has ended. Returns how long its goroutine pauses.
	done() time.Duration
	// unsent counts the requests that were meant to begin before the load ended, so long after its start, and did not. Once,
	// when nobody waits any more.
	unsent(lasted time.Duration) int64
}

func turnsOf(asked plan, start time.Time) turns {
	switch {
	case asked.Pace != nil:
		return &arrivals{pacer: newPacer(*asked.Pace), start: start}
	case asked.Pauses == nil:
		return atOnce{}
	case asked.Pauses.Batch == nil:
		return &pauses{length: newLength(*asked.Pauses)}
	default:
		size := *asked.Pauses.Batch
		return &batches{length: newLength(*asked.Pauses), size: size, left: size, next: make(chan struct{})}
	}
}

// A closed loop without pauses.
type atOnce struct{}

func (atOnce) wait(<-chan struct{}) (time.Time, bool) { return time.Time{}, true }
func (atOnce) missed(time.Time)                       {}
func (atOnce) done() time.Duration                    { return 0 }
func (atOnce) unsent(time.Duration) int64             { return 0 }

// An open loop. A goroutine that is free takes the next arrival, and waits for its time: if it comes late, the arrival
// keeps the time that it was meant for.
type arrivals struct {
	mutex sync.Mutex
	pacer *pacer
	start time.Time
	// Taken, and not sent.
	lost []time.Time
}

func (a *arrivals) wait(spent <-chan struct{}) (time.Time, bool) {
	a.mutex.Lock()
	afterMs, ok := a.pacer.take()
	a.mutex.Unlock()
	if !ok {
		<-spent
		return time.Time{}, false
	}
	intended := a.start.Add(time.Duration(afterMs * float64(time.Millisecond)))
	if early := time.Until(intended); early > 0 {
		timer := time.NewTimer(early)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-spent:
			a.missed(intended)
			return intended, false
		}
	}
	return intended, true
}

func (a *arrivals) missed(intended time.Time) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.lost = append(a.lost, intended)
}

func (a *arrivals) done() time.Duration { return 0 }

func (a *arrivals) unsent(lasted time.Duration) int64 {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	count := a.pacer.skipTo(float64(lasted) / float64(time.Millisecond))
	for _, intended := range a.lost {
		if intended.Sub(a.start) < lasted {
			count++
		}
	}
	return count
}

// Think time: each goroutine pauses between two of its requests.
type pauses struct {
	atOnce
	length *length
}

func (p *pauses) done() time.Duration { return p.length.next() }

// Bursts: so many requests go out as fast as goroutines are free for them, and the next ones a pause after the last answer.
type batches struct {
	atOnce
	length *length
	size   int64
	mutex  sync.Mutex
	// Requests of the batch that have not begun, and those that have not ended.
	left  int64
	under int64
	// Closed when the next batch begins.
	next chan struct{}
}

func (b *batches) wait(spent <-chan struct{}) (time.Time, bool) {
	for {
		b.mutex.Lock()
		next := b.next
		mine := b.left > 0
		if mine {
			b.left--
			b.under++
		}
		b.mutex.Unlock()
		if mine {
			return time.Time{}, true
		}
		select {
		case <-next:
		case <-spent:
			return time.Time{}, false
		}
	}
}

func (b *batches) done() time.Duration {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.under--
	if b.left == 0 && b.under == 0 {
		time.AfterFunc(b.length.next(), b.begin)
	}
	return 0
}

func (b *batches) begin() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.left = b.size
	close(b.next)
	b.next = make(chan struct{})
}

// Of one pause after the other.
type length struct {
	mutex    sync.Mutex
	from, to time.Duration
	random   *seededRandom
}

func newLength(asked pausePlan) *length {
	ms := func(value int64) time.Duration { return time.Duration(value) * time.Millisecond }
	return &length{from: ms(asked.ThinkMs.From), to: ms(asked.ThinkMs.To), random: newSeededRandom(asked.Seed)}
}

func (l *length) next() time.Duration {
	if l.from == l.to {
		return l.from
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.from + time.Duration(l.random.next()*float64(l.to-l.from))
}
