/** The data of lessons; course/README.md describes it. */

/** The figures of each run of a lesson, by the scene's name. */
export type SceneFigures = Record<string, Record<string, unknown>>;

type Comparison = [left: number | string, factor: number, right: number | string];

export type Claim =
  { greater: Comparison } | { less: Comparison } | { near: Comparison } | { true: string } | { false: string };

/** Settings by URL key. A value that is not a string stands for its JSON text. */
export type LessonPairs = Record<string, unknown>;

export interface Scene {
  name: string;
  label: string;
  pairs: LessonPairs;
}

export interface Lesson {
  id: string;
  title: string;
  question: string;
  situation: string;
  answers: { text: string; right?: boolean }[];
  base: LessonPairs;
  scenes: Scene[];
  change: string;
  metrics: string[];
  /** The reason rests on those that are marked: they hold at ten times the length, too. */
  claims: { says: string; that: Claim; reason?: boolean }[];
  reveal: string;
  why: string;
  /** Scenes that hold at ten times the length. */
  holds?: string[];
  explore: { text: string; scene: string; pairs: LessonPairs; change: string };
  /** How long it takes in a class. */
  minutes: number;
  /** Two scenes to play side by side, from and to seconds of simulated time. */
  pictures?: { scenes: [string, string]; seconds: [number, number] };
  teacher?: TeacherNotes;
}

/** What a teacher says before the bet, what most people bet and why, and what to ask afterwards. */
export interface TeacherNotes {
  before: string;
  bets: string;
  /** May have live figures. */
  after: string;
}

/** A line of the list of lessons. */
export interface Entry {
  id: string;
  title: string;
  question: string;
  minutes: number;
}

/** The lessons in their order, and the way through them for a class that has not the time for all. */
export interface Course {
  lessons: Entry[];
  class: { minutes: number; lessons: string[] };
}

/** How far a person has come in a lesson. */
export interface Attempt {
  lesson: Lesson;
  /** Index of the chosen prediction; null before one is chosen. */
  answer: number | null;
  stage: 'predict' | 'running' | 'revealed';
  /** Scenes that have been run. */
  finished: number;
  seed: number;
  scenes: SceneFigures | null;
  failure: string | null;
}
