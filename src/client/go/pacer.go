package main

import "math"

// Sums of rates times durations that are this near to a whole number are meant to be it.
const rounding = 1e-6

type pacePlan struct {
	Arrivals string `json:"arrivals"`
	Stages   []struct {
		DurationMs float64 `json:"durationMs"`
		FromPerSec float64 `json:"fromPerSec"`
		ToPerSec   float64 `json:"toPerSec"`
	} `json:"stages"`
	Seed int64 `json:"seed"`
}

// One stage, and where it stands in the whole: in time, and in arrivals expected since the beginning.
type ramp struct {
	startMs, durationMs    float64
	fromPerMs, growthPerMs float64
	before, after          float64
}

// When requests are meant to begin, in milliseconds since the start: the same as in src/client/pace/pacer.ts, for the same
// plan, so that a rate means the same for every client. It knows no clock.
type pacer struct {
	ramps []ramp
	// nil: constant arrivals.
	random *seededRandom
	// Arrivals expected up to the next one.
	expected float64
	at       int
	nextMs   float64
}

func newPacer(asked pacePlan) *pacer {
	p := &pacer{}
	startMs, before := 0.0, 0.0
	for _, stage := range asked.Stages {
		after := nearlyWhole(before + stage.DurationMs*(stage.FromPerSec+stage.ToPerSec)/2000)
		growth := (stage.ToPerSec - stage.FromPerSec) / 1000 / stage.DurationMs
		p.ramps = append(p.ramps, ramp{startMs, stage.DurationMs, stage.FromPerSec / 1000, growth, before, after})
		startMs += stage.DurationMs
		before = after
	}
	if asked.Arrivals == "poisson" {
		p.random = newSeededRandom(asked.Seed)
		p.expected = p.random.nextExponential()
	}
	p.find()
	return p
}

// take returns the time of the next arrival; false after the last one.
func (p *pacer) take() (float64, bool) {
	takenMs := p.nextMs
	if math.IsInf(takenMs, 1) {
		return takenMs, false
	}
	if p.random == nil {
		p.expected++
	} else {
		p.expected += p.random.nextExponential()
	}
	p.find()
	return takenMs, true
}

// skipTo takes every arrival before endMs and returns how many there were.
func (p *pacer) skipTo(endMs float64) int64 {
	count := int64(0)
	for p.nextMs < endMs {
		p.take()
		count++
	}
	return count
}

func (p *pacer) find() {
	// An arrival at the very end of a ramp is the first of the next one with a rate: no arrival is in a pause.
	for p.at < len(p.ramps) && p.expected >= p.ramps[p.at].after {
		p.at++
	}
	p.nextMs = math.Inf(1)
	if p.at < len(p.ramps) {
		p.nextMs = p.ramps[p.at].timeOf(p.expected)
	}
}

// timeOf tells when so many arrivals are expected.
func (r ramp) timeOf(arrivals float64) float64 {
	inside := arrivals - r.before
	// inside = from·t + growth·t²/2, solved for t in the form that loses no digits when growth is small.
	sum := r.fromPerMs + math.Sqrt(math.Max(0, r.fromPerMs*r.fromPerMs+2*r.growthPerMs*inside))
	if sum == 0 {
		return r.startMs
	}
	return r.startMs + math.Min(r.durationMs, 2*inside/sum)
}

func nearlyWhole(value float64) float64 {
	if whole := math.Round(value); math.Abs(value-whole) < rounding {
		return whole
	}
	return value
}

// The same numbers as those of src/client/pace/random.ts for the same seed.
type seededRandom struct {
	state uint32
}

func newSeededRandom(seed int64) *seededRandom {
	const spread = 0x9e3779b1
	r := &seededRandom{state: uint32(seed)*spread ^ spread>>1}
	if r.state == 0 {
		r.state = 1
	}
	for warmUp := 0; warmUp < 16; warmUp++ {
		r.next()
	}
	return r
}

// next is above 0, up to 1.
func (r *seededRandom) next() float64 {
	r.state ^= r.state << 13
	r.state ^= r.state >> 17
	r.state ^= r.state << 5
	return float64(r.state) / (1 << 32)
}

// nextExponential is from the exponential distribution with mean 1.
func (r *seededRandom) nextExponential() float64 {
	return -math.Log(r.next())
}
