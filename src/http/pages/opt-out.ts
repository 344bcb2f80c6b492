import { PRODUCT_ACCENT } from './colour.ts';
import { page } from './frame.ts';
import { html, type Markup } from './html.ts';
import { pageLanguage } from './languages.ts';
import { OPT_OUT_WORDS } from './opt-out-words.ts';
import { fill, type Sender, sender, TICK } from './parts.ts';

/** `maybe_left_one`: stopped, but a request to the gateway had not settled when the page was answered. */
export type OptOutState = 'ask' | 'done' | 'already' | 'maybe_left_one' | 'unknown_token' | 'back_in';

interface OptOutView extends Sender {
  accent: string;
  lang: string;
  state: OptOutState;
  /** Where the forms post to: the page's own path. */
  action: string;
  nonce: string;
}

/**
 * The page behind the link in every message: one sentence, one button, no login and no question (16 CFR 316.5). Showing
 * it changes nothing; its buttons POST `action=stop` or `action=start`. For an unknown token it names nobody.
 */
export function optOutPage(view: OptOutView): string {
  const lang = pageLanguage(view.lang);
  const words = OPT_OUT_WORDS[lang];
  if (view.state === 'unknown_token') {
    const body = html`<main class="one"><h1>${words.unknown}</h1><p>${words.unknownHelp}</p></main>`;
    return page({ title: words.title, lang, accent: PRODUCT_ACCENT, nonce: view.nonce, body });
  }
  const named = { business: view.business };
  return page({
    title: `${words.title} · ${view.business}`,
    lang,
    accent: view.accent,
    nonce: view.nonce,
    body: html`${sender(view)}<main class="one">${content(view.state, view.action, words, named)}</main>`,
  });
}

type Words = (typeof OPT_OUT_WORDS)['en'];

function content(
  state: Exclude<OptOutState, 'unknown_token'>,
  action: string,
  words: Words,
  named: { business: string },
): Markup {
  switch (state) {
    case 'ask':
      return html`<h1>${fill(words.ask, named)}</h1>
<form method="post" action="${action}"><button class="primary" name="action" value="stop">${words.stop}</button></form>`;
    case 'done':
      return html`${TICK}<h1>${fill(words.done, named)}</h1>${wayBack(action, words, named)}`;
    case 'maybe_left_one':
      return html`${TICK}<h1>${fill(words.done, named)}</h1><p>${words.late}</p>${wayBack(action, words, named)}`;
    case 'already':
      return html`${TICK}<h1>${fill(words.already, named)}</h1>${wayBack(action, words, named)}`;
    case 'back_in':
      return html`${TICK}<h1>${fill(words.backIn, named)}</h1>
<form method="post" action="${action}"><button class="link" name="action" value="stop">${words.stop}</button></form>`;
  }
}

function wayBack(action: string, words: Words, named: { business: string }): Markup {
  return html`<form method="post" action="${action}">
<button class="link" name="action" value="start" aria-describedby="back">${words.change}</button>
<p class="note quiet" id="back">${fill(words.changeNote, named)}</p>
</form>`;
}

/** What stands at the way back, and in which language: the proof of what a person agreed to by pressing it. */
export function wayBackWords(lang: string, business: string): { text: string; language: string } {
  const language = pageLanguage(lang);
  const words = OPT_OUT_WORDS[language];
  return { text: `${words.change}: ${fill(words.changeNote, { business })}`, language };
}
