import { useMemo } from 'react';
import { readMrkdwn, readPlain } from '../text/mrkdwn.ts';
import { Words } from '../text/words.tsx';
import { objectOf, textOf } from './json.ts';

/** A `mrkdwn` or `plain_text` object; `inline` where no paragraphs may stand: in buttons, labels, headings. */
export function TextObject({ value, inline }: { value: unknown; inline?: boolean }) {
  const paragraphs = useMemo(() => {
    const { type, text, verbatim, emoji } = objectOf(value);
    const words = textOf(text);
    return type === 'mrkdwn' ? readMrkdwn(words, { autolink: verbatim !== true }) : readPlain(words, emoji !== false);
  }, [value]);
  return <Words paragraphs={paragraphs} inline={inline} />;
}

/** What people or the app wrote without blocks. */
export function Typed({ text }: { text: string }) {
  const paragraphs = useMemo(() => readMrkdwn(text, { autolink: true }), [text]);
  return <Words paragraphs={paragraphs} />;
}
