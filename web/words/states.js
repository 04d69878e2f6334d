// The states of a request: what each is called, and what it means.

/** By name, as in the engine and in the styles. */
export const STATES = {
  future: { label: 'to come', meaning: 'Not sent yet.' },
  transit: { label: 'on the way', meaning: 'Between gateway and instance: being admitted, routed or delivered.' },
  waiting: { label: 'waiting', meaning: 'In the wait queue of an instance, because its batch has no room.' },
  preempted: {
    label: 'preempted',
    meaning: 'Thrown out of the batch because KV memory ran out; it waits again and computes its prompt anew.',
  },
  prefill: { label: 'prefill', meaning: 'In the batch, its prompt is being computed.' },
  decode: { label: 'decode', meaning: 'In the batch, one word of its answer per step.' },
  done: { label: 'completed', meaning: 'The whole answer was sent.' },
  rejected: {
    label: 'rejected',
    meaning: 'Turned away at the gateway: by admission, or because it names a model that is not served.',
  },
  'timed-out': { label: 'timed out', meaning: 'Given up at its deadline.' },
  dropped: { label: 'too large', meaning: 'Larger than an instance can ever hold, so it was dropped.' },
  lost: { label: 'lost', meaning: 'At an instance when it crashed: it gets no answer.' },
};
