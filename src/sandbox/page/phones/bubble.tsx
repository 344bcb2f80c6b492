import { memo, useMemo } from 'react';
import type { Entry } from '../state/store.ts';
import { Words } from '../text/words.tsx';
import { clockWords, fullWords } from '../words/time.ts';
import { statusWords } from './apps.ts';
import { readText } from './read-text.ts';
import { Ticks } from './ticks.tsx';

/** One text on the phone. What never arrived is drawn as a ghost, with the reason. */
export const Bubble = memo(function Bubble(props: { entry: Entry<'text'>; zone: string; follows: boolean }) {
  const { entry, zone, follows } = props;
  const text = entry.value;
  const at = Date.parse(text.at);
  const paragraphs = useMemo(() => readText(text.body, text.channel), [text.body, text.channel]);
  const lost = text.status === 'failed' || text.status === 'undelivered';
  const className = [
    'bubble',
    text.direction,
    follows && 'follows',
    lost && 'lost',
    text.status === 'queued' && 'going',
    entry.arrived > 0 && 'arrives',
  ]
    .filter(Boolean)
    .join(' ');
  return (
    <div className={className} data-text={text.id}>
      <div className="bubble-words">
        <Words paragraphs={paragraphs} />
      </div>
      <p className="bubble-foot">
        {text.template && <span title="An approved WhatsApp template">template</span>}
        {text.automatic && <span title="The gateway sent this by itself">from the gateway</span>}
        <time title={fullWords(at, zone)}>{clockWords(at, zone)}</time>
        {text.direction === 'in' && <Ticks status={text.status} words={statusWords(text)} />}
      </p>
      {lost && <p className="bubble-lost">{statusWords(text)}</p>}
    </div>
  );
});
