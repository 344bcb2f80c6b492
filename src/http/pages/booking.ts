import { BOOKING_WORDS } from './booking-words.ts';
import { PRODUCT_ACCENT } from './colour.ts';
import { page } from './frame.ts';
import { html, type Markup } from './html.ts';
import { pageLanguage } from './languages.ts';
import { fill, type Sender, sender, TICK } from './parts.ts';

/** `taken`: what was chosen was booked by somebody else meanwhile. */
export type BookingState = 'booked' | 'moved' | 'taken' | 'wished' | 'cancelled' | 'over';

/** A time that the appointment could be moved to; `value` is what the form sends. */
export interface Choice {
  value: string;
  day: string;
  time: string;
}

export interface BookingView extends Sender {
  accent: string;
  lang: string;
  state: BookingState;
  day: string;
  time: string;
  salesperson: string;
  /** Address of the business, if it has told one. */
  where: string | null;
  contact: string | null;
  choices: readonly Choice[];
  /** Where the forms post to: the page's own path. */
  action: string;
  nonce: string;
}

const BOOKING_STYLES = `
.booking .when{display:flex;flex-direction:column;gap:.75rem}
.booking form,.booking fieldset{display:flex;flex-direction:column;gap:.75rem;align-items:flex-start}
.booking fieldset{border:0;margin:0;padding:0;width:100%;gap:.5rem}
.booking legend{padding:0;margin-bottom:.5rem}
.booking a.primary{text-decoration:none}
.booking .choice{display:flex;gap:.75rem;align-items:center;width:100%;min-height:3rem;padding:.5rem 1rem;border:1.5px solid var(--line);border-radius:.875rem;cursor:pointer}
.booking .choice:has(:checked){border-color:var(--edge);background:var(--wash)}
.booking .choice input{width:1.25rem;height:1.25rem;margin:0;accent-color:var(--accent)}
.booking details{border-top:1px solid var(--line);padding-top:1rem}
.booking summary{cursor:pointer;min-height:2.5rem;font-weight:600}
.booking details>div{display:flex;flex-direction:column;gap:1rem;padding-block:.5rem 1rem}
.booking .news{font-weight:600}
`;

/**
 * A customer's appointment: when, with whom, a calendar entry, another time, cancelling. Showing it changes nothing; its
 * forms POST `action=move` with `at`, `action=wish` or `action=cancel`, and need no JavaScript.
 */
export function bookingPage(view: BookingView): string {
  const lang = pageLanguage(view.lang);
  const words = BOOKING_WORDS[lang];
  return page({
    title: `${words.title} · ${view.business}`,
    lang,
    accent: view.accent,
    nonce: view.nonce,
    styles: BOOKING_STYLES,
    body: html`${sender(view)}<main class="one booking">${content(view, words)}</main>`,
  });
}

/** What is shown for a link that is none of ours. It names nobody. */
export function unknownBookingPage(lang: string, nonce: string): string {
  const language = pageLanguage(lang);
  const words = BOOKING_WORDS[language];
  const body = html`<main class="one"><h1>${words.unknown}</h1><p>${words.unknownHelp}</p></main>`;
  return page({ title: words.title, lang: language, accent: PRODUCT_ACCENT, nonce, body });
}

type Words = (typeof BOOKING_WORDS)['en'];

function content(view: BookingView, words: Words): Markup {
  const named = { business: view.business, salesperson: view.salesperson, day: view.day, time: view.time };
  switch (view.state) {
    case 'cancelled':
      return html`${TICK}<h1>${words.cancelled}</h1><p>${fill(words.cancelledHelp, named)}</p>`;
    case 'over':
      return html`<h1>${words.over}</h1><p>${fill(words.at, named)}</p>`;
    default:
      return html`${news(view.state, words, named)}${when(view, words, named)}
<p><a class="primary" href="${view.action}/appointment.ics">${words.calendar}</a></p>
${otherTimes(view, words)}${cancelling(view, words)}`;
  }
}

function news(state: 'booked' | 'moved' | 'taken' | 'wished', words: Words, named: Record<string, string>): Markup {
  switch (state) {
    case 'booked':
      return html``;
    case 'moved':
      return html`${TICK}<p class="news" role="status">${words.moved}</p>`;
    case 'taken':
      return html`<p class="news" role="alert">${words.taken}</p>`;
    case 'wished':
      return html`${TICK}<p class="news" role="status">${fill(words.wished, named)}</p>`;
  }
}

function when(view: BookingView, words: Words, named: Record<string, string>): Markup {
  return html`<section class="when"><p class="quiet">${words.yours}</p><h1>${fill(words.at, named)}</h1>
<p>${fill(words.who, named)}</p>
${view.where !== null && html`<p>${fill(words.where, { where: view.where })}</p>`}
${view.contact !== null && html`<p>${fill(words.call, { contact: view.contact })}</p>`}</section>`;
}

function otherTimes({ state, choices, action }: BookingView, words: Words): Markup {
  const wish = html`<form method="post" action="${action}"><button class="link" name="action" value="wish">${words.askUs}</button></form>`;
  const choose = html`<form method="post" action="${action}">
<fieldset><legend>${words.otherHelp}</legend>${choices.map(
    (choice) =>
      html`<label class="choice"><input type="radio" name="at" value="${choice.value}" required><span>${fill(words.at, { day: choice.day, time: choice.time })}</span></label>`,
  )}</fieldset>
<button class="primary" name="action" value="move">${words.move}</button></form>
<p class="quiet">${words.noneFits}</p>`;
  return html`<details ${state === 'taken' && 'open'}><summary>${words.other}</summary>
<div>${choices.length > 0 ? choose : html`<p>${words.nothingFree}</p>`}${wish}</div></details>`;
}

function cancelling({ action }: BookingView, words: Words): Markup {
  return html`<details><summary>${words.cancel}</summary>
<div><p>${words.cancelHelp}</p><form method="post" action="${action}"><button class="link" name="action" value="cancel">${words.cancelNow}</button></form></div></details>`;
}

/** What a calendar entry says, in the customer's language. */
export function calendarWords(
  lang: string,
  named: { business: string; salesperson: string; link: string },
): { summary: string; description: string } {
  const { summary, description } = BOOKING_WORDS[pageLanguage(lang)];
  return { summary: fill(summary, named), description: fill(description, named) };
}
