// Words of the patterns of traffic in the form: chats, coding agents, questions about documents; and where their figures come from.

import { count, number } from '../shared/format.js';

/** @import {PatternId} from '../settings/pattern_read.js' */

/** @type {Record<PatternId, {what: string, source: string}>} */
export const PATTERN_WORDS = {
  chat: {
    what: 'Five turns; people read and think for ten seconds between them, and each prompt repeats the conversation.',
    source:
      'Lengths: Azure LLM inference trace 2023, conversation (Microsoft, AzurePublicDataset): prompts of 1,155 and answers of 211 tokens on average. New tokens of a turn are chosen so that the prompts of the five turns have that mean. Number of turns, thinking time and rate are ours.',
  },
  agents: {
    what: '24 agents start at once; each makes 20 turns with a second of tool calls between them, behind one prompt of 1,200 tokens that describes the tools to all.',
    source:
      'Lengths: Mooncake tool and agent trace (FAST ’25): prompts of 8,596 and answers of 182 tokens on average. New tokens of a turn are chosen so that the prompts of the 20 turns have that mean. Number of turns, tool wait, shared prompt and number of agents are ours.',
  },
  rag: {
    what: 'Two questions each about one of eight documents of 4,096 tokens, which is a prefix that its questions share.',
    source:
      'Lengths: 4,096 tokens of document and 512 of answer as in the workload “Summarization” of BLIS. Questions of 80 tokens, number of documents, turns, reading time and rate are ours; no public data set is behind them.',
  },
};

export const PATTERN = {
  offer: 'or a pattern of conversations',
  source: 'Where its figures come from',
  asItComes: 'As the pattern comes: ',
  group: 'The conversations',
  /** What others call it: the search finds the card by these, too. */
  called: [
    'sessions',
    'multi-turn',
    'rounds',
    'think time',
    'tool calls',
    'agentic',
    'fan-out',
    'chatbot',
    'context growth',
  ],
  label: {
    turns: 'Turns',
    think: 'Thinking or tool wait (s)',
    rate: 'Conversations per second',
    requests: 'Turns planned',
    agents: 'Agents at once',
    grows: 'Prompts repeat the conversation',
  },
  help: {
    turns: 'The most that a conversation has, the first included.',
    think: 'From an answer to the next turn: a person reads, or a tool works.',
    rate: 'How many begin; the requests per second are as many times more as they have turns.',
    requests:
      'BLIS plans all turns beforehand and takes this many. Conversations that have begun go on to the end, so there may be more requests.',
    agents: 'They start together: the fan-out of one job.',
    grows: 'Each turn carries all turns before it: the context grows.',
  },
  differ: 'differ',
  /** @param {{min: number, max: number, whole: boolean}} range */
  expected: ({ min, max, whole }) => `Enter a ${whole ? 'whole ' : ''}number from ${number(min)} to ${count(max)}.`,
};
