//! Evictions and what comes of them.

use super::check::check;

/// Step 8: a needs a fifth block, none is free, the tail b is evicted and put at the front of W. Step 9:
/// b finds its two full input blocks (8 of 10 tokens) and computes 2. Its TTFT becomes 10777.
#[test]
fn e10a_fcfs_victim_comes_back_to_part_of_its_prompt() {
    check(
        "
        Blocks 8 x 4; max running 4; token budget 64; queueing delay 0
          a: arr 0 in 10 out 8
          b: arr 0 in 10 out 8
          c: arr 0 in 5 out 3
        t     | batch                    | waiting | dt   | used | hits/misses | finished | used after
        0     | a p10@0, b p10@0, c p5@0 | -       | 1250 | 8    | 0/8         | -        | 8
        1250  | a d@10, b d@10, c d@5    | -       | 1300 | 8    | 0/8         | -        | 8
        2550  | a d@11, b d@11, c d@6    | -       | 1300 | 8    | 0/8         | c        | 6
        3850  | a d@12, b d@12           | -       | 1200 | 8    | 0/10        | -        | 8
        5050  | a d@13, b d@13           | -       | 1200 | 8    | 0/10        | -        | 8
        6250  | a d@14, b d@14           | -       | 1200 | 8    | 0/10        | -        | 8
        7450  | a d@15, b d@15           | -       | 1200 | 8    | 0/10        | -        | 8
        8650  | a d@16                   | b*      | 1100 | 5    | 0/11        | a        | 0
        9750  | b p2@0                   | -       | 1020 | 3    | 2/12        | -        | 3
        10770 | b d@10                   | -       | 1100 | 3    | 2/12        | -        | 3
        11870 | b d@11                   | -       | 1100 | 3    | 2/12        | -        | 3
        12970 | b d@12                   | -       | 1100 | 4    | 2/13        | -        | 4
        14070 | b d@13                   | -       | 1100 | 4    | 2/13        | -        | 4
        15170 | b d@14                   | -       | 1100 | 4    | 2/13        | -        | 4
        16270 | b d@15                   | -       | 1100 | 4    | 2/13        | -        | 4
        17370 | b d@16                   | -       | 1100 | 5    | 2/14        | b        | 0
        request | state     | delay | TTFT  | gaps                   | E2E   | mean ITL
        a       | completed | 0     | 1257  | 1307 x2, 1207 x4, 1107 | 9826  | 1221.2857
        b       | completed | 9750  | 10777 | 1107 x7                | 18546 | 1107
        c       | completed | 0     | 1257  | 1307 x2                | 3891  | 1307
        Totals: completed 3, preemptions 1, input tokens 25, output tokens 19, end time 18470, hit rate 0.125, pooled gaps 16",
    );
}

/// Step 2: four of five blocks are used; a needs a block and takes the last one, then b needs one and,
/// being the tail, evicts itself. Step 3: b's 8 input tokens are both blocks found, so it is admitted
/// with 0 tokens, holds no blocks, is not part of dt, and gets its first token (TTFT 3367). Note that
/// "used" stays 3 in step 3.
#[test]
fn e10b_fcfs_victim_comes_back_without_a_token_to_compute() {
    check(
        "
        Blocks 5 x 4; max running 4; token budget 64; queueing delay 0
          a: arr 0 in 8 out 5
          b: arr 0 in 8 out 6
        t    | batch          | waiting | dt   | used | hits/misses | finished | used after
        0    | a p8@0, b p8@0 | -       | 1160 | 4    | 0/4         | -        | 4
        1160 | a d@8          | b*      | 1100 | 3    | 0/5         | -        | 3
        2260 | a d@9, b p0@0  | -       | 1100 | 3    | 0/5         | -        | 3
        3360 | a d@10, b d@8  | -       | 1200 | 4    | 0/6         | -        | 4
        4560 | a d@11, b d@9  | -       | 1200 | 4    | 0/6         | a        | 1
        5760 | b d@10         | -       | 1100 | 1    | 0/7         | -        | 1
        6860 | b d@11         | -       | 1100 | 1    | 0/7         | -        | 1
        7960 | b d@12         | -       | 1100 | 2    | 0/8         | b        | 0
        request | state     | delay | TTFT | gaps             | E2E  | mean ITL
        a       | completed | 0     | 1167 | 1107 x2, 1207 x2 | 5815 | 1157
        b       | completed | 2260  | 3367 | 1207 x2, 1107 x3 | 9122 | 1147
        Totals: completed 2, preemptions 1, input tokens 16, output tokens 11, end time 9060, pooled gaps 9",
    );
}

/// Step 3: a (batch, least urgent) and b have been served when c needs a block; a is before the cursor,
/// loses its token of this step, and dt counts two decodes. a's blocks are overwritten before it returns,
/// so it recomputes everything at step 7.
#[test]
fn e10c_priority_victim_ahead_of_the_cursor() {
    check(
        "
        Blocks 8 x 4; max running 4; token budget 64; scheduler fcfs; preemption priority; queueing delay 0
          a: arr 0 in 8 out 6 class batch
          b: arr 0 in 10 out 6 class critical
          c: arr 0 in 7 out 6 class standard
        t     | batch                   | waiting | dt   | used | hits/misses | finished | used after
        0     | a p8@0, b p10@0, c p7@0 | -       | 1250 | 7    | 0/7         | -        | 7
        1250  | a d@8, b d@10, c d@7    | -       | 1300 | 8    | 0/8         | -        | 8
        2550  | b d@11, c d@8           | a*      | 1200 | 6    | 0/9         | -        | 6
        3750  | b d@12, c d@9           | a       | 1200 | 7    | 0/10        | -        | 7
        4950  | b d@13, c d@10          | a       | 1200 | 7    | 0/10        | -        | 7
        6150  | b d@14, c d@11          | a       | 1200 | 7    | 0/10        | b c      | 0
        7350  | a p8@0                  | -       | 1080 | 2    | 0/13        | -        | 2
        8430  | a d@8                   | -       | 1100 | 3    | 0/14        | -        | 3
        9530  | a d@9                   | -       | 1100 | 3    | 0/14        | -        | 3
        10630 | a d@10                  | -       | 1100 | 3    | 0/14        | -        | 3
        11730 | a d@11                  | -       | 1100 | 3    | 0/14        | -        | 3
        12830 | a d@12                  | -       | 1100 | 4    | 0/15        | a        | 0
        request | state     | delay | TTFT | gaps          | E2E   | mean ITL
        a       | completed | 7350  | 8437 | 1107 x5       | 13992 | 1107
        b       | completed | 0     | 1257 | 1307, 1207 x4 | 7412  | 1227
        c       | completed | 0     | 1257 | 1307, 1207 x4 | 7412  | 1227
        Totals: completed 3, preemptions 1, input tokens 25, output tokens 18, end time 13930, pooled gaps 15",
    );
}

/// Three-step cycle: recompute the tail, decode one token, evict itself (empty step of 1 µs). See I-10.7.
#[test]
fn e11_livelock_when_the_output_cannot_fit() {
    check(
        "
        Blocks 2 x 4; max running 2; token budget 64; queueing delay 0; horizon 4400
          a: arr 0 in 7 out 4
        t    | batch   | waiting | dt   | used | hits/misses | finished | used after
        0    | a p7@0  | -       | 1070 | 2    | 0/2         | -        | 2
        1070 | a d@7   | -       | 1100 | 2    | 0/2         | -        | 2
        2170 | (empty) | a*      | 1    | 0    | 0/2         | -        | 0
        2171 | a p3@0  | -       | 1030 | 2    | 1/3         | -        | 2
        3201 | a d@7   | -       | 1100 | 2    | 1/3         | -        | 2
        4301 | (empty) | a*      | 1    | 0    | 1/3         | -        | 0
        4302 | a p3@0  | -       | 1030 | 2    | 2/4         | -        | 2
        request | state   | delay | TTFT | gaps | E2E | mean ITL
        a       | running | 4302  | 5339 | -    | -   | -
        Totals: completed 0, still running 1, preemptions 2, input tokens 7, end time 4302, hit rate 0.333333",
    );
}

/// a finishes in step 1 with a full last block and no free block: the final store fails, the counter goes
/// up, a completes normally.
#[test]
fn e12_final_token_finds_no_block() {
    check(
        "
        Blocks 3 x 4; max running 2; token budget 64; queueing delay 0
          a: arr 0 in 8 out 1
          b: arr 0 in 3 out 2
        t    | batch          | waiting | dt   | used | hits/misses | finished | used after
        0    | a p8@0, b p3@0 | -       | 1110 | 3    | 0/3         | a        | 1
        1110 | b d@3          | -       | 1100 | 1    | 0/3         | b        | 0
        request | state     | delay | TTFT | gaps | E2E  | mean ITL
        a       | completed | 0     | 1117 | -    | 1137 | 0
        b       | completed | 0     | 1117 | 1107 | 2244 | 1107
        Totals: completed 2, KV allocation failures 1, input tokens 11, output tokens 3, end time 2210, pooled gaps 1",
    );
}
