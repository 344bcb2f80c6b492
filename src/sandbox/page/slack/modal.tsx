import { type FormEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Entry, OpenView } from '../../wire.ts';
import { ActingOn, useDrafts } from '../blocks/acting.tsx';
import { Blocks } from '../blocks/blocks.tsx';
import { fieldsOf } from '../blocks/fields.ts';
import { entryOf } from '../blocks/values.ts';
import { useEntity } from '../state/hooks.ts';
import { act } from '../state/server.ts';
import { useFocusTrap } from '../ui/focus.ts';
import { Icon, Mark } from '../ui/icons.tsx';

/** The window open before a person, if any: the visible view of its stack. */
export function ModalOf({ person }: { person: string }) {
  const stack = useEntity('modal', person);
  const view = stack?.at(-1);
  if (!stack || !view) return null;
  return (
    <div className="modal-veil" role="presentation">
      <ModalWindow key={view.id} person={person} view={view} depth={stack.length} />
    </div>
  );
}

function ModalWindow({ person, view, depth }: { person: string; view: OpenView; depth: number }) {
  const id = useId();
  const box = useRef<HTMLFormElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const { drafts, note, forget } = useDrafts();
  /** What was handed in and not answered yet. The view that follows may show before the answer, and can be handed in. */
  const [sent, setSent] = useState<OpenView>();
  const busy = sent === view;
  const handedIn = useRef(false);
  const place = useMemo(() => ({ view: view.id }), [view.id]);
  const closing = useRef(false);
  async function close(everything = false) {
    if (closing.current) return;
    closing.current = true;
    await act({ act: 'close', user: person, ...(everything && { everything }) });
    closing.current = false;
  }
  useFocusTrap(box, () => void close());

  // what was handed in is the server's from here on; a view that changed under the form starts anew
  useEffect(() => {
    if (!handedIn.current) return;
    handedIn.current = false;
    forget();
    if (Object.keys(view.errors).length > 0) {
      body.current?.querySelector<HTMLElement>('.wrong :is(input:not(.unseen), textarea, button)')?.focus();
    } else body.current?.scrollTo({ top: 0 });
  }, [view, forget]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy || view.submit === null) return;
    const values: Record<string, Entry> = {};
    for (const field of fieldsOf(view.blocks)) {
      const draft = drafts[field.name];
      if (field.input && draft) values[field.name] = entryOf(field.element, draft);
    }
    setSent(view);
    handedIn.current = true;
    await act({ act: 'submit', user: person, view: view.id, values });
    setSent((now) => (now === view ? undefined : now));
  }

  return (
    <form
      ref={box}
      className="modal"
      role="dialog"
      aria-modal="true"
      aria-labelledby={id}
      data-tour="modal"
      noValidate
      onSubmit={submit}
    >
      <header className="modal-head">
        {depth > 1 ? (
          <button type="button" className="icon-button" aria-label="Back" onClick={() => void close()}>
            <Icon name="back" />
          </button>
        ) : (
          <span className="modal-sign">
            <Mark size={20} />
          </span>
        )}
        <h2 id={id}>{view.title}</h2>
        <button type="button" className="icon-button" aria-label="Close" onClick={() => void close(true)}>
          <Icon name="close" />
        </button>
      </header>
      <div className="modal-body" ref={body}>
        <ActingOn
          person={person}
          place={place}
          values={view.values}
          errors={view.errors}
          drafts={drafts}
          onDraft={note}
        >
          <Blocks blocks={view.blocks} />
        </ActingOn>
      </div>
      {(view.close !== null || view.submit !== null) && (
        <footer className="modal-foot">
          <button type="button" className="button plain" onClick={() => void close()}>
            {view.close ?? 'Cancel'}
          </button>
          {view.submit !== null && (
            <button type="submit" className="button primary" aria-busy={busy} data-tour="submit">
              {view.submit}
            </button>
          )}
        </footer>
      )}
    </form>
  );
}
