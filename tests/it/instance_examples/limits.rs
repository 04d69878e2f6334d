//! Deadlines, the model's length, the horizon.

use super::check::check;

/// d is past due when it is enqueued. c times out waiting. b completes: its last step starts (2550)
/// before its deadline (3700) although it ends at 3750. a times out in the running list at 3000; R
/// becomes absent, but the pending step stays at 3750, so e waits until then.
#[test]
fn e7a_timeouts() {
    check(
        "
        Blocks 100 x 16; max running 2; token budget 2048; queueing delay 50
          a: arr 0 in 20 out 6 deadline 3000
          b: arr 0 in 10 out 3 deadline 3700
          c: arr 100 in 10 out 2 deadline 2000
          d: arr 100 in 10 out 2 deadline 120
          e: arr 200 in 10 out 2
        t    | batch            | waiting | dt   | used | hits/misses | finished | used after
        50   | a p20@0, b p10@0 | -       | 1300 | 3    | 0/3         | -        | 3
        1350 | a d@20, b d@10   | c e     | 1200 | 3    | 0/3         | -        | 3
        2550 | a d@21, b d@11   | e       | 1200 | 3    | 0/3         | b        | 2
        3750 | e p10@0          | -       | 1100 | 1    | 0/4         | -        | 1
        4850 | e d@10           | -       | 1100 | 1    | 0/4         | e        | 0
        request | state     | delay | TTFT | gaps    | E2E  | mean ITL
        a       | timed out | 50    | 1357 | 1207 x2 | -    | -
        b       | completed | 50    | 1357 | 1207 x2 | 3791 | 1207
        c       | timed out | -     | -    | -       | -    | -
        d       | timed out | -     | -    | -       | -    | -
        e       | completed | 3550  | 4657 | 1107    | 5784 | 1107
        Totals: completed 2, timed out 3, input tokens 60, output tokens 5, end time 5950, pooled gaps 3
        t=150: d times out at enqueue, then batch 2, queue 1, used 3
        t=2000: c times out in the queue, then batch 2, queue 1, used 3
        t=3000: a times out in the batch, then batch 0, queue 1, used 0",
    );
}

/// I-10.2: b is enqueued at 1750 into an empty instance and still waits for the step pending at 2350.
#[test]
fn e7b_a_timeout_empties_the_batch_and_the_pending_step_stays() {
    check(
        "
        Blocks 100 x 16; max running 2; token budget 2048; queueing delay 50
          a: arr 0 in 20 out 6 deadline 1600
          b: arr 1700 in 10 out 2
        t    | batch   | waiting | dt   | used | hits/misses | finished | used after
        50   | a p20@0 | -       | 1200 | 2    | 0/2         | -        | 2
        1250 | a d@20  | -       | 1100 | 2    | 0/2         | -        | 2
        2350 | b p10@0 | -       | 1100 | 1    | 0/3         | -        | 1
        3450 | b d@10  | -       | 1100 | 1    | 0/3         | b        | 0
        request | state     | delay | TTFT | gaps | E2E  | mean ITL
        a       | timed out | 50    | 1257 | 1107 | -    | -
        b       | completed | 650   | 1757 | 1107 | 2884 | 1107
        Totals: completed 1, timed out 1, input tokens 30, output tokens 2, end time 4550, pooled gaps 1
        t=1600: a times out in the batch, then batch 0, queue 0, used 0",
    );
}

/// c: deadline equal to its enqueue time, so it times out at enqueue. b: admitted by the step at 1250,
/// pays for its prefill in dt (1200, visible in a's gap), gets a TTFT, and is removed by its timeout at
/// the same tick.
#[test]
fn e7c_deadline_equal_to_a_step_time() {
    check(
        "
        Blocks 100 x 16; max running 2; token budget 2048; queueing delay 50
          a: arr 0 in 20 out 3
          b: arr 500 in 10 out 3 deadline 1250
          c: arr 500 in 10 out 3 deadline 550
        t    | batch           | waiting | dt   | used | hits/misses | finished | used after
        50   | a p20@0         | -       | 1200 | 2    | 0/2         | -        | 2
        1250 | a d@20, b p10@0 | -       | 1200 | 3    | 0/3         | -        | 3
        2450 | a d@21          | -       | 1100 | 2    | 0/3         | a        | 0
        request | state     | delay | TTFT | gaps       | E2E  | mean ITL
        a       | completed | 50    | 1257 | 1207, 1107 | 3591 | 1157
        b       | timed out | 750   | 1957 | -          | -    | -
        c       | timed out | -     | -    | -          | -    | -
        Totals: completed 1, timed out 2, input tokens 40, output tokens 3, end time 3550, pooled gaps 2
        t=550: c times out at enqueue, then batch 1, queue 1, used 2
        t=1250: b times out in the batch, then batch 1, queue 0, used 2",
    );
}

/// a: no budget, so it becomes 4 and passes; its 9 real tokens are capped at P = 15 after 3 decode steps
/// (4 output tokens counted). b: 12 + 4 = 16 fits exactly. c: 12 + 5 > 16, dropped. d: 16 ≥ 16, dropped.
/// e: budget 1 passes, but 5 real tokens: capped right after the prefill because P = 15 = M − 1.
#[test]
fn e8_maximum_model_length() {
    check(
        "
        Blocks 100 x 4; max running 8; token budget 64; max-model-len 16; queueing delay 0
          a: arr 0 in 12 out 9 budget 0
          b: arr 0 in 12 out 4
          c: arr 0 in 12 out 5
          d: arr 0 in 16 out 1 budget 0
          e: arr 0 in 15 out 5 budget 1
        t    | batch                     | waiting | dt   | used | hits/misses | finished | used after
        0    | a p12@0, b p12@0, e p15@0 | -       | 1390 | 10   | 0/10        | e        | 6
        1390 | a d@12, b d@12            | -       | 1200 | 8    | 0/12        | -        | 8
        2590 | a d@13, b d@13            | -       | 1200 | 8    | 0/12        | -        | 8
        3790 | a d@14, b d@14            | -       | 1200 | 8    | 0/12        | a b      | 0
        request | state         | delay | TTFT | gaps    | E2E  | mean ITL
        a       | length-capped | 0     | 1397 | 1207 x3 | 5038 | 1810.5
        b       | completed     | 0     | 1397 | 1207 x3 | 5038 | 1207
        c       | dropped       | -     | -    | -       | -    | -
        d       | dropped       | -     | -    | -       | -    | -
        e       | length-capped | 0     | 1397 | -       | 1417 | 0
        Totals: completed 3, dropped 2, length-capped 2, input tokens 39, output tokens 9, end time 4990, pooled gaps 6
        t=0: c is dropped for its prompt and output, then batch 2, queue 0, used 6
        t=0: d is dropped for its prompt, then batch 2, queue 0, used 6",
    );
}

/// The step at 3450 and d's enqueue at 3030 lie beyond the horizon. b has a TTFT although its first token
/// would appear after the horizon. The computed "injected" is 3, not 4.
#[test]
fn e9_horizon() {
    check(
        "
        Blocks 100 x 16; max running 1; token budget 2048; queueing delay 50; horizon 3000
          a: arr 0 in 20 out 2
          b: arr 0 in 10 out 3
          c: arr 100 in 10 out 2
          d: arr 2980 in 10 out 2
        t    | batch   | waiting | dt   | used | hits/misses | finished | used after
        50   | a p20@0 | b       | 1200 | 2    | 0/2         | -        | 2
        1250 | a d@20  | b c     | 1100 | 2    | 0/2         | a        | 0
        2350 | b p10@0 | c       | 1100 | 1    | 0/3         | -        | 1
        request | state            | delay | TTFT | gaps | E2E  | mean ITL
        a       | completed        | 50    | 1257 | 1107 | 2384 | 1107
        b       | running          | 2350  | 3457 | -    | -    | -
        c       | queued           | -     | -    | -    | -    | -
        d       | not yet enqueued | -     | -    | -    | -    | -
        Totals: completed 1, still queued 1, still running 1, input tokens 40, output tokens 2, end time 2980, pooled gaps 1",
    );
}
