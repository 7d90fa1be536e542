package main

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"
	"time"
)

// A server that was asked to close and does not: after so long we do it ourselves.
const longestWait = time.Second

// Who ended a connection, by what reached us first.
type ender int

const (
	byClient ender = iota
	byServer
	byReset
)

// A connection that knows who ended it, and why. net/http closes it as soon as the last response has been read; where the
// first FIN is the server's to send, as it is after `Connection: close`, it then waits for it: whose is first would depend
// on the scheduler, and that side holds TIME_WAIT (RFC 9293, section 3.6).
type conn struct {
	net.Conn
	load    *load
	mutex   sync.Mutex
	carries carrying
	closing bool
	by      ender
	// When the server's end of it was noticed, or ours was over.
	endedAt time.Time
	// Who has ended it, for the books, once it is closed.
	closedBy ender
	closed   bool
	// The books know of it: a request that net/http puts on a connection that has ended does not end it again.
	settled bool
}

// serves tells it which request it carries.
func (c *conn) serves(request context.Context) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.carries.begins(request)
}

func (c *conn) answering(request context.Context) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.carries.request == request {
		c.carries.answered = true
	}
}

// refused: the pool does not take it back.
func (c *conn) refused(request context.Context) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.carries.request == request && c.carries.own == "" {
		c.carries.own = idlePool
	}
}

// finished tells what came of the request; nothing where it carries another one by now.
func (c *conn) finished(request context.Context, with outcome) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.carries.request != request || !c.carries.busy {
		return
	}
	c.carries.finish(with)
	if with.failed && with.own == "" {
		c.noteStale()
	}
	c.settle()
}

// lost tells that net/http sends its request once more on another connection; what became of it on this one.
func (c *conn) lost(request context.Context, written bool) failure {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.carries.request == request && c.carries.busy {
		// A request that was not written has not been on it.
		c.carries.busy, c.carries.failed = false, written
		if written {
			c.noteStale()
		}
		c.settle()
	}
	if c.by == byReset {
		return failure{kind: nameOf(syscall.ECONNRESET), call: "read"}
	}
	return failure{kind: serverClosed}
}

func (c *conn) noteStale() {
	if c.carries.isStale() {
		c.load.tally.stale(c.carries.served, c.carries.idleBefore)
	}
}

// settle tells the books of its end, once that and what came of its last request are both known.
func (c *conn) settle() {
	if !c.closed || c.carries.busy || c.settled {
		return
	}
	c.settled = true
	c.load.tally.closed(c.closedBy, c.carries.cause(c.by), c.carries.served, c.endedAt.Sub(c.carries.idleSince))
}

func (c *conn) Read(into []byte) (int, error) {
	n, err := c.Conn.Read(into)
	c.note(err)
	return n, err
}

func (c *conn) Write(from []byte) (int, error) {
	n, err := c.Conn.Write(from)
	c.note(err)
	return n, err
}

func (c *conn) Close() error {
	c.mutex.Lock()
	first, waits := !c.closing, c.mustWait()
	c.closing = true
	c.mutex.Unlock()
	if !first {
		return net.ErrClosed
	}
	if waits {
		go c.waitForServer()
		return nil
	}
	return c.end()
}

// A request that was given up has no response after which the server would close.
func (c *conn) mustWait() bool {
	if !c.load.patient || c.by != byClient || c.load.context.Err() != nil {
		return false
	}
	request := c.carries.request
	return request == nil || !errors.Is(request.Err(), context.DeadlineExceeded)
}

func (c *conn) waitForServer() {
	c.Conn.SetReadDeadline(time.Now().Add(longestWait))
	// Whatever still comes before the FIN has no reader, and left unread it would make our FIN a RST.
	rest := make([]byte, 4096)
	for {
		if _, err := c.Read(rest); err != nil {
			break
		}
	}
	c.end()
}

func (c *conn) note(err error) {
	if err == nil {
		return
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.by != byClient || c.closing && !c.load.patient {
		return
	}
	if errors.Is(err, io.EOF) {
		c.by = byServer
	} else if errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) {
		c.by = byReset
	} else {
		return
	}
	c.endedAt = time.Now()
}

func (c *conn) end() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	by := c.by
	// Closed with bytes unread it ends by a RST (RFC 2525, section 2.17).
	if by == byClient && hasUnread(c.Conn) {
		by = byReset
	}
	// net/http closes a connection that it does not need without a look whether the server has done so before.
	if by == byClient && hasPeersFin(c.Conn) {
		by = byServer
		c.by = byServer
	}
	err := c.Conn.Close()
	if c.endedAt.IsZero() {
		c.endedAt = time.Now()
	}
	if c.carries.own == "" && !c.carries.busy {
		c.carries.own = c.load.whyClosed(c.carries.served)
	}
	c.closedBy, c.closed = by, true
	c.settle()
	c.load.open.Add(-1)
	return err
}
