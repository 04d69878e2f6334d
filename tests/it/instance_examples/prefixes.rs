//! Prompts that are found in the cache, partly or wholly.

use super::check::check;

/// b is admitted in the same step as a and already finds the two prefix blocks a was given in that step
/// (2 hits). d and e find them again although they are free by then. c needs 8 of the 12 blocks and
/// recycles other ones first. e: input of 12 = 3 full blocks, but the third is unique, so only 2 are
/// found.
#[test]
fn e6_prefix_cache_hits() {
    check(
        "
        Blocks 12 x 4; max running 8; token budget 64; queueing delay 0
          a: arr 0 in 14 prefix 8 of G1 out 2
          b: arr 0 in 11 prefix 8 of G1 out 3
          c: arr 5000 in 28 prefix 8 of G2 out 2
          d: arr 9000 in 13 prefix 8 of G1 out 2
          e: arr 12000 in 12 prefix 8 of G1 out 2
        t     | batch           | waiting | dt   | used | hits/misses | finished | used after
        0     | a p14@0, b p3@0 | -       | 1170 | 5    | 2/5         | -        | 5
        1170  | a d@14, b d@11  | -       | 1200 | 5    | 2/5         | a        | 3
        2370  | b d@12          | -       | 1100 | 4    | 2/6         | b        | 0
        5000  | c p28@0         | -       | 1280 | 7    | 2/13        | -        | 7
        6280  | c d@28          | -       | 1100 | 8    | 2/14        | c        | 0
        9000  | d p5@0          | -       | 1050 | 4    | 4/16        | -        | 4
        10050 | d d@13          | -       | 1100 | 4    | 4/16        | d        | 0
        12000 | e p4@0          | -       | 1040 | 3    | 6/17        | -        | 3
        13040 | e d@12          | -       | 1100 | 4    | 6/18        | e        | 0
        request | state     | delay | TTFT | gaps       | E2E  | mean ITL
        a       | completed | 0     | 1177 | 1207       | 2404 | 1207
        b       | completed | 0     | 1177 | 1207, 1107 | 3511 | 1157
        c       | completed | 0     | 1287 | 1107       | 2414 | 1107
        d       | completed | 0     | 1057 | 1107       | 2184 | 1107
        e       | completed | 0     | 1047 | 1107       | 2174 | 1107
        Totals: completed 5, input tokens 78, output tokens 11, end time 14140, hit rate 0.25, pooled gaps 6",
    );
}

/// b and c find both blocks of the prefix-only prompt that a was given in the same step: 0 tokens, first
/// token in the same step, no hits counted. d gets the last token of the budget.
#[test]
fn e13a_zero_token_admissions_beside_the_first_prefill() {
    check(
        "
        Blocks 100 x 4; max running 8; token budget 9; queueing delay 0
          a: arr 0 in 8 prefix 8 of G1 out 1
          b: arr 0 in 8 prefix 8 of G1 out 3
          c: arr 0 in 8 prefix 8 of G1 out 3
          d: arr 0 in 7 out 2
        t    | batch                          | waiting | dt   | used | hits/misses | finished | used after
        0    | a p8@0, b p0@0, c p0@0, d p1@0 | -       | 1090 | 3    | 0/3         | a        | 1
        1090 | b d@8, c d@8, d p6@1           | -       | 1260 | 4    | 0/7         | -        | 4
        2350 | b d@9, c d@9, d d@7            | -       | 1300 | 4    | 0/7         | b c d    | 0
        request | state     | delay | TTFT | gaps       | E2E  | mean ITL
        a       | completed | 0     | 1097 | -          | 1117 | 0
        b       | completed | 0     | 1097 | 1267, 1307 | 3691 | 1287
        c       | completed | 0     | 1097 | 1267, 1307 | 3691 | 1287
        d       | completed | 0     | 2357 | 1307       | 3684 | 1307
        Totals: completed 4, input tokens 31, output tokens 9, end time 3650, pooled gaps 5",
    );
}

/// Step 3 consists of zero-token admissions only: dt = 1. In steps 4 and 5 the budget of 2 leaves d
/// without a token: no gap, so d's E2E (1135) is far below its real span of 3501.
#[test]
fn e13b_zero_token_admissions_with_a_tiny_budget() {
    check(
        "
        Blocks 100 x 4; max running 8; token budget 2; queueing delay 0
          a: arr 0 in 4 prefix 4 of G1 out 1
          b: arr 5000 in 4 prefix 4 of G1 out 3
          c: arr 5000 in 4 prefix 4 of G1 out 3
          d: arr 5000 in 4 prefix 4 of G1 out 2
        t    | batch                  | waiting | dt   | used | hits/misses | finished | used after
        0    | a p2@0                 | -       | 1020 | 1    | 0/1         | -        | 1
        1020 | a p2@2                 | -       | 1020 | 1    | 0/1         | a        | 0
        5000 | b p0@0, c p0@0, d p0@0 | -       | 1    | 0    | 0/2         | -        | 0
        5001 | b d@4, c d@4, d -@4    | -       | 1200 | 2    | 0/4         | -        | 2
        6201 | b d@5, c d@5, d -@4    | -       | 1200 | 2    | 0/4         | b c      | 0
        7401 | d d@4                  | -       | 1100 | 1    | 0/5         | d        | 0
        request | state     | delay | TTFT | gaps    | E2E  | mean ITL
        a       | completed | 0     | 2047 | -       | 2067 | 0
        b       | completed | 0     | 8    | 1207 x2 | 2442 | 1207
        c       | completed | 0     | 8    | 1207 x2 | 2442 | 1207
        d       | completed | 0     | 8    | 1107    | 1135 | 1107
        Totals: completed 4, input tokens 16, output tokens 9, end time 8501, pooled gaps 5",
    );
}
