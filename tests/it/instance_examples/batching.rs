//! Batches, budgets and chunks.

use super::check::check;

/// Shows: simultaneous arrivals share a step; a one-token output (b) and a zero-token output (d) finish
/// with their prefill; d has no fixed overhead `x`; requests that arrive during a step wait for the next
/// one.
#[test]
fn e1_plain_batch_with_a_one_token_and_a_zero_token_output() {
    check(
        "
        Blocks 100 x 16; max running 8; token budget 2048; queueing delay 50
          a: arr 0 in 20 out 3
          b: arr 0 in 10 out 1
          c: arr 500 in 5 out 4
          d: arr 700 in 8 out 0
        t    | batch                  | waiting | dt   | used | hits/misses | finished | used after
        50   | a p20@0, b p10@0       | -       | 1300 | 3    | 0/3         | b        | 2
        1350 | a d@20, c p5@0, d p8@0 | -       | 1230 | 4    | 0/5         | d        | 3
        2580 | a d@21, c d@5          | -       | 1200 | 3    | 0/5         | a        | 1
        3780 | c d@6                  | -       | 1100 | 1    | 0/5         | -        | 1
        4880 | c d@7                  | -       | 1100 | 1    | 0/5         | c        | 0
        request | state     | delay | TTFT | gaps          | E2E  | mean ITL
        a       | completed | 50    | 1357 | 1237, 1207    | 3821 | 1222
        b       | completed | 50    | 1357 | -             | 1377 | 0
        c       | completed | 850   | 2087 | 1207, 1107 x2 | 5528 | 1140.3333
        d       | completed | 650   | 1887 | -             | 1887 | 0
        Totals: completed 4, input tokens 43, output tokens 8, end time 5980, pooled gaps 5",
    );
}

/// Shows I-10.1: step 2 nominally lasts until 2350, but b, enqueued at 1550, starts step 3 at 1550.
#[test]
fn e2_work_that_arrives_while_the_last_step_is_in_progress_starts_at_once() {
    check(
        "
        Blocks 100 x 16; max running 8; token budget 2048; queueing delay 50
          a: arr 0 in 20 out 2
          b: arr 1500 in 10 out 2
        t    | batch   | waiting | dt   | used | hits/misses | finished | used after
        50   | a p20@0 | -       | 1200 | 2    | 0/2         | -        | 2
        1250 | a d@20  | -       | 1100 | 2    | 0/2         | a        | 0
        1550 | b p10@0 | -       | 1100 | 1    | 0/3         | -        | 1
        2650 | b d@10  | -       | 1100 | 1    | 0/3         | b        | 0
        request | state     | delay | TTFT | gaps | E2E  | mean ITL
        a       | completed | 50    | 1257 | 1107 | 2384 | 1107
        b       | completed | 50    | 1157 | 1107 | 2284 | 1107
        Totals: completed 2, input tokens 30, output tokens 4, end time 3750, pooled gaps 2",
    );
}

/// Step 2: the running requests take 32 + 1 of the 64 tokens, c gets the remaining 31 (less than the
/// threshold). b receives decode tokens while a and c are still in prefill.
#[test]
fn e3_chunked_prefill() {
    check(
        "
        Blocks 100 x 16; max running 8; token budget 64; long-prefill threshold 32; queueing delay 0
          a: arr 0 in 70 out 2
          b: arr 0 in 20 out 4
          c: arr 10 in 40 out 2
        t    | batch                     | waiting | dt   | used | hits/misses | finished | used after
        0    | a p32@0, b p20@0          | -       | 1520 | 4    | 0/4         | -        | 4
        1520 | a p32@32, b d@20, c p31@0 | -       | 1730 | 8    | 0/8         | -        | 8
        3250 | a p6@64, b d@21, c p9@31  | -       | 1250 | 10   | 0/10        | -        | 10
        4500 | a d@70, b d@22, c d@40    | -       | 1300 | 10   | 0/10        | a b c    | 0
        request | state     | delay | TTFT | gaps             | E2E  | mean ITL
        a       | completed | 0     | 4507 | 1307             | 5834 | 1307
        b       | completed | 0     | 1527 | 1737, 1257, 1307 | 5848 | 1433.6667
        c       | completed | 1510  | 4497 | 1307             | 5824 | 1307
        Totals: completed 3, input tokens 130, output tokens 8, end time 5800, pooled gaps 5",
    );
}

/// Step 1: b is cut to the 10 tokens left. Step 2: budget used up, c waits although the running limit
/// allows it. Step 3: limit 3 reached, d waits. All requests fit the order "running first, then
/// admission".
#[test]
fn e4_token_budget_and_running_limit() {
    check(
        "
        Blocks 100 x 16; max running 3; token budget 40; queueing delay 0
          a: arr 0 in 30 out 3
          b: arr 0 in 60 out 2
          c: arr 0 in 5 out 2
          d: arr 0 in 5 out 2
        t    | batch                    | waiting | dt   | used | hits/misses | finished | used after
        0    | a p30@0, b p10@0         | c d     | 1400 | 3    | 0/3         | -        | 3
        1400 | a d@30, b p39@10         | c d     | 1490 | 6    | 0/6         | -        | 6
        2890 | a d@31, b p11@49, c p5@0 | d       | 1260 | 7    | 0/7         | a        | 5
        4150 | b d@60, c d@5, d p5@0    | -       | 1250 | 6    | 0/9         | b c      | 1
        5400 | d d@5                    | -       | 1100 | 1    | 0/9         | d        | 0
        request | state     | delay | TTFT | gaps       | E2E  | mean ITL
        a       | completed | 0     | 1407 | 1497, 1267 | 4191 | 1382
        b       | completed | 0     | 4157 | 1257       | 5434 | 1257
        c       | completed | 2890  | 4157 | 1257       | 5434 | 1257
        d       | completed | 4150  | 5407 | 1107       | 6534 | 1107
        Totals: completed 4, input tokens 100, output tokens 9, end time 6500, pooled gaps 5",
    );
}
