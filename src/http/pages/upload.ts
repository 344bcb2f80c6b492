import { page } from './frame.ts';
import { html, type Markup, trusted } from './html.ts';
import { pageLanguage } from './languages.ts';
import { fill, type Sender, sender, TICK } from './parts.ts';
import { UPLOAD_SCRIPT, UPLOAD_STYLES } from './upload-looks.ts';
import { UPLOAD_WORDS } from './upload-words.ts';

/** `too_large` and `bad_type` show the form again with what is wrong at the field; the link is still good. */
export type UploadState = 'ask' | 'done' | 'used' | 'expired' | 'too_large' | 'bad_type';

interface UploadView extends Sender {
  accent: string;
  lang: string;
  state: UploadState;
  /** Where the form posts to, as `multipart/form-data` with one file in the field `photo`. */
  action: string;
  /** First name of the customer whose licence it is. */
  customer: string;
  maxMegabytes: number;
  nonce: string;
}

/** The one-time phone page on which a salesperson photographs a driving licence, so that it never passes through chat. */
export function uploadPage(view: UploadView): string {
  const lang = pageLanguage(view.lang);
  const words = UPLOAD_WORDS[lang];
  const asks = view.state === 'ask' || view.state === 'too_large' || view.state === 'bad_type';
  return page({
    title: `${words.title} · ${view.business}`,
    lang,
    accent: view.accent,
    nonce: view.nonce,
    styles: UPLOAD_STYLES,
    ...(asks && { script: UPLOAD_SCRIPT }),
    body: html`${sender(view)}<main class="one${asks && ' upload'}">${content(view, words)}</main>`,
  });
}

type Words = (typeof UPLOAD_WORDS)['en'];

function content(view: UploadView, words: Words): Markup {
  switch (view.state) {
    case 'done':
      return html`${TICK}<h1>${words.done}</h1><p>${words.doneText}</p>`;
    case 'used':
      return html`<h1>${words.used}</h1><p>${words.usedText}</p>`;
    case 'expired':
      return html`<h1>${words.expired}</h1><p>${words.expiredText}</p>`;
    case 'too_large':
      return form(view, words, fill(words.tooLarge, { max: view.maxMegabytes }));
    case 'bad_type':
      return form(view, words, words.badType);
    case 'ask':
      return form(view, words, undefined);
  }
}

function form(view: UploadView, words: Words, problem: string | undefined): Markup {
  const limit = fill(words.tooLarge, { max: view.maxMegabytes });
  return html`<h1>${fill(words.heading, { customer: view.customer })}</h1>
<form method="post" action="${view.action}" enctype="multipart/form-data" data-sending="${words.sending}">
<p class="problem" id="problem" role="alert">${problem}</p>
<div class="finder">
<input type="file" name="photo" accept="image/*" capture="environment" required aria-label="${words.take}"
 aria-describedby="problem hint"${problem !== undefined && trusted(' aria-invalid="true"')} data-max="${view.maxMegabytes * 1024 * 1024}" data-limit="${limit}">
${CORNERS}
<div class="empty">${CAMERA}<strong>${words.take}</strong><span class="quiet" id="hint">${words.hint}</span></div>
<img alt="" hidden>
<div class="picked">${TICK}<strong>${words.picked}</strong><span class="again">${words.replace}</span></div>
</div>
<button class="primary">${words.send}</button>
</form>
<ul class="promises quiet">
<li>${LOCK}${words.encrypted}</li>
<li>${CLOCK}${words.deleted}</li>
<li>${LINK}${words.once}</li>
</ul>`;
}

function icon(shapes: string): Markup {
  return trusted(
    `<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${shapes}</svg>`,
  );
}

const LOCK = icon('<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>');
const CLOCK = icon('<circle cx="12" cy="12" r="8.25"/><path d="M12 7.5V12l3 2"/>');
const LINK = icon(
  '<path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7l-1 1"/><path d="M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1-1"/>',
);
const CAMERA = icon(
  '<path d="M4 8.5A1.5 1.5 0 0 1 5.5 7h2l1.4-2h6.2l1.4 2h2A1.5 1.5 0 0 1 20 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5z"/><circle cx="12" cy="12.8" r="3.4"/>',
);

/** Four corners around a card of 85.6 x 54 mm (ISO/IEC 7810 ID-1): the frame has the licence's own shape. */
const CORNERS = trusted(
  '<svg class="corners" viewBox="0 0 856 540" fill="none" stroke="currentColor" stroke-width="7" stroke-linecap="round" aria-hidden="true">' +
    '<path d="M4 92V44a40 40 0 0 1 40-40h48M764 4h48a40 40 0 0 1 40 40v48M852 448v48a40 40 0 0 1-40 40h-48M92 536H44a40 40 0 0 1-40-40v-48"/></svg>',
);
