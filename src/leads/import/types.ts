import type { LeadId, PersonId, StaffId } from '../../lib/ids.ts';

/*
 * Leads that come in a file.
 *
 * Glossary: *sheet* the file as rows of cells; *column* one of its columns, known by its heading; *target* what a column
 * holds; *draft* a file that was looked at and nothing else; *place* the number of a row as a spreadsheet shows it.
 */

/** A file read as text: its first row is its headings. */
export interface Sheet {
  headings: string[];
  /** Rows with something in them. */
  rows: SheetRow[];
}

export interface SheetRow {
  /** As a spreadsheet numbers it; the headings are 1. */
  place: number;
  cells: string[];
}

/** What a column holds: `name`, `first_name`, `last_name`, `phone`, `email`, `language`, `consent`, `fact:<field>`; or nothing. */
export type Target = string;

/** Left out. */
export const NOTHING: Target = '-';

/** What whoever brings a file confirms of the people in it. */
export interface Confirmed {
  channels: ('whatsapp' | 'sms' | 'email')[];
  /** The day by which all had agreed, `YYYY-MM-DD` in the business's zone. */
  day: string;
  /** Where and how, in their words. */
  how: string;
}

/** What somebody says about a file before it is read. */
export interface Wishes {
  fileName: string;
  playbook: string;
  /** ISO 639-1, where a row says nothing else; empty: by each number. */
  language: string;
  /** Null: nobody is written to by itself. */
  confirmed: Confirmed | null;
  /** How many are written to for the first time in an open hour; null: as fast as the senders allow. */
  perHour: number | null;
}

/** Kept sealed with an import. */
export interface About extends Wishes {
  headings: string[];
  targets: Target[];
}

export type ImportState = 'draft' | 'running' | 'done' | 'withdrawing' | 'withdrawn';

export interface Import {
  id: string;
  state: ImportState;
  by: StaffId;
  about: About;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
}

export type RowState = 'waiting' | 'captured' | 'merged' | 'refused' | 'removed' | 'restored' | 'kept';

/** How far an import has got. */
export interface Progress extends Import {
  /** Rows by what became of them. */
  rows: Record<RowState, number>;
  /** Where it is shown in Slack. */
  shown: { channel: string; ts: string } | null;
}

/** Something wrong with a row. */
export interface RowProblem {
  place: number;
  /** The heading of its column; empty where it is the row as a whole. */
  heading: string;
  message: string;
  /** What stands there. */
  value: string;
}

/** What would become of a file. */
export interface Preview {
  id: string;
  about: About;
  rows: number;
  /** New leads; merged into what is known, or into an earlier row; refused. */
  fresh: number;
  merged: number;
  refused: number;
  /** Of the new ones, those to whom somebody writes by itself. */
  planned: number;
  problems: RowProblem[];
}

/** A row on its way. */
export interface StoredRow extends SheetRow {
  turn: number;
}

/** What became of a row. */
export interface RowOutcome {
  place: number;
  state: 'captured' | 'merged' | 'refused';
  leadId: LeadId | null;
  personId: PersonId | null;
  newPerson: boolean;
  before: Changed | { problems: RowProblem[] } | null;
}

/** What a row changed of a person whom we knew. */
export interface Changed {
  /** Addresses that came with it. */
  added: string[];
  /** Where they were before, and where it put them; null where it said nothing of that. */
  moved: { from: Standing; to: Standing } | null;
}

interface Standing {
  zone: string;
  place: unknown;
}
