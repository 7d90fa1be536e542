package main

import (
	"math"
	"math/bits"
	"time"
)

// HdrHistogram's buckets for microseconds with three significant digits, as in src/stats/flat-histogram.ts: 2048 values
// of a bucket are told apart. It leaves this process as pairs of value and count, and becomes one there.
const (
	halfBits   = 10
	half       = 1 << halfBits
	lastBucket = 31 - halfBits
	slots      = (lastBucket + 2) * half
)

type histogram struct {
	counts [slots]uint32
	lowest int
	// One more than the highest; 0: it is empty.
	end int
}

func (h *histogram) record(latency time.Duration) {
	micros := (latency + time.Microsecond/2) / time.Microsecond
	if micros < 1 {
		micros = 1
	}
	if micros > math.MaxUint32 {
		micros = math.MaxUint32
	}
	value := uint32(micros)
	bucket := lastBucket - bits.LeadingZeros32(value)
	if bucket < 0 {
		bucket = 0
	}
	slot := bucket<<halfBits + int(value>>uint(bucket))
	if h.end == 0 || slot < h.lowest {
		h.lowest = slot
	}
	if slot >= h.end {
		h.end = slot + 1
	}
	h.counts[slot]++
}

// take empties it.
func (h *histogram) take() []uint32 {
	pairs := []uint32{}
	for slot := h.lowest; slot < h.end; slot++ {
		if h.counts[slot] > 0 {
			pairs = append(pairs, lowestValueOf(slot), h.counts[slot])
			h.counts[slot] = 0
		}
	}
	h.lowest, h.end = 0, 0
	return pairs
}

func lowestValueOf(slot int) uint32 {
	bucket := slot>>halfBits - 1
	if bucket < 0 {
		bucket = 0
	}
	return uint32(slot-bucket<<halfBits) << uint(bucket)
}
