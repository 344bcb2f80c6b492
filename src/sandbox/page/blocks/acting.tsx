import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import type { Place } from '../../wire.ts';
import { act } from '../state/server.ts';
import type { Field } from './fields.ts';
import { type Json, objectOf } from './json.ts';
import { entryOf, heldIn, type Value } from './values.ts';

/** Who acts on some blocks, and where; what they entered and did not hand in yet. */
export interface Acting {
  person: string;
  place: Place;
  errors: Readonly<Record<string, string>>;
  heldBy(field: Field): Value;
  /** Enters a value; tells the app where Slack would. `quietly` leaves that for later (while typing). */
  enter(field: Field, value: Value, quietly?: boolean): void;
  press(what: { actionId: string; value?: string; text?: string }): Promise<void>;
}

const Context = createContext<Acting | null>(null);

/** What surrounds an element. @throws Error outside of blocks */
export function useActing(): Acting {
  const acting = useContext(Context);
  if (!acting) throw new Error('an element outside of blocks');
  return acting;
}

export type Drafts = Readonly<Record<string, Value>>;

export interface ActingProps {
  person: string;
  place: Place;
  /** `state.values` as the server keeps it. */
  values?: Readonly<Record<string, Record<string, Json>>>;
  errors?: Readonly<Record<string, string>>;
  drafts: Drafts;
  onDraft(name: string, value: Value): void;
  children: ReactNode;
}

const NONE = {};

export function ActingOn({ person, place, values = NONE, errors = NONE, drafts, onDraft, children }: ActingProps) {
  const acting = useMemo<Acting>(
    () => ({
      person,
      place,
      errors,
      heldBy: (field) => drafts[field.name] ?? heldIn(field.element, stateOf(values, field)),
      enter(field, value, quietly = false) {
        onDraft(field.name, value);
        if (!field.dispatches || quietly) return;
        void act({ act: 'choose', user: person, place, actionId: field.name, value: entryOf(field.element, value) });
      },
      async press(what) {
        await act({ act: 'press', user: person, place, ...what });
      },
    }),
    [person, place, values, errors, drafts, onDraft],
  );
  return <Context value={acting}>{children}</Context>;
}

function stateOf(values: Readonly<Record<string, Record<string, Json>>>, field: Field): Json | undefined {
  const block = values[field.blockId];
  return block?.[field.actionId] && objectOf(block[field.actionId]);
}

/** Drafts of one form or message. */
export function useDrafts(): { drafts: Drafts; note(name: string, value: Value): void; forget(): void } {
  const [drafts, setDrafts] = useState<Drafts>({});
  const note = useCallback((name: string, value: Value) => setDrafts((all) => ({ ...all, [name]: value })), []);
  const forget = useCallback(() => setDrafts({}), []);
  return { drafts, note, forget };
}
