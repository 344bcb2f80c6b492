import { useMemo, useRef, useState } from 'react';
import type { Lead, Step } from '../../wire.ts';
import { APP_NAMES } from '../phones/apps.ts';
import { useChange } from '../state/change.ts';
import { useNow, useValues } from '../state/hooks.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import { exactWords, fullWords } from '../words/time.ts';
import { type Mark, quoteOf, type Stop, sentence, trackOf } from './track.ts';

const SIGNS: Record<Mark, IconName | null> = {
  done: 'check',
  read: 'check',
  wrote: 'speech',
  leaving: 'send',
  next: null,
  later: null,
  trouble: 'alert',
  waits: 'clock',
  dropped: 'close',
};

/** The follow-up from left to right: what happened, now, what comes. */
export function TrackView({ lead, businessZone }: { lead: Lead; businessZone: string }) {
  const now = useNow(1000);
  const texts = useValues('text');
  const own = useMemo(() => texts.filter(({ number }) => number === lead.number), [texts, lead.number]);
  const { stops, past, until } = trackOf(lead, now);
  const list = useRef<HTMLOListElement>(null);
  const shape = stops.map(({ step, mark }) => step.id + mark).join();
  useChange(`${lead.id} ${shape}`, () => {
    const node = list.current;
    const here = node?.querySelector<HTMLElement>('[data-here]');
    if (!node || !here || node.scrollWidth <= node.clientWidth) return;
    node.scrollTo({ left: here.offsetLeft - node.clientWidth * 0.6 });
  });
  return (
    <ol className="track" ref={list} aria-label={`Follow-up of ${lead.name}`}>
      {stops.map((stop, index) => (
        <StopView
          key={stop.step.id}
          stop={stop}
          zone={lead.zone || businessZone}
          now={now}
          here={index === past - 1 || (past === 0 && index === 0)}
          before={index < past}
          gap={stop.mark === 'next' ? until : ''}
          quote={quoteOf(stop.step, own)}
        />
      ))}
    </ol>
  );
}

interface StopProps {
  stop: Stop;
  zone: string;
  now: number;
  /** The newest thing that has happened. */
  here: boolean;
  before: boolean;
  /** How long until it is due, written on the line before it. */
  gap: string;
  /** What the customer wrote. */
  quote: string | undefined;
}

function StopView({ stop, zone, now, here, before, gap, quote }: StopProps) {
  const { step, mark, word } = stop;
  const sign = SIGNS[mark];
  const when = fullWords(Date.parse(step.at), zone, now);
  return (
    <li className={`stop ${mark}${before ? ' before' : ''}`} data-here={here || undefined} data-mark={mark}>
      <div className="stop-line" aria-hidden="true">
        <span className="stop-sign">{sign && <Icon name={sign} size={13} />}</span>
        {gap && <span className="stop-gap">in {gap}</span>}
      </div>
      <p className="stop-head">
        <strong title={step.label}>{step.label}</strong>
        {word && <span className="stop-word">{word}</span>}
      </p>
      {quote !== undefined && <p className="stop-quote">“{quote}”</p>}
      {!step.words.includes(when) && <p className="stop-when">{when}</p>}
      <Why step={step} zone={zone} />
    </li>
  );
}

/** The reason in a sentence; what was tried when something went wrong. */
function Why({ step, zone }: { step: Step; zone: string }) {
  const [open, setOpen] = useState(false);
  const count = step.attempts.length;
  return (
    <>
      <p className="stop-why" title={sentence(step.words)}>
        {sentence(step.words)}
      </p>
      {count > 0 && (
        <button type="button" className="link stop-more" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide' : 'Show'} {count === 1 ? 'the attempt' : `${count} attempts`}
        </button>
      )}
      {open && (
        <ol className="attempts">
          {step.attempts.map((attempt) => (
            <li key={`${attempt.at}${attempt.words}`}>
              <time>{exactWords(Date.parse(attempt.at), zone)}</time> {APP_NAMES[attempt.channel]}: {attempt.words}
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
