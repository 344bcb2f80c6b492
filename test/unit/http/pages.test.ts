import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contrast, PRODUCT_ACCENT, palette } from '../../../src/http/pages/colour.ts';
import { page } from '../../../src/http/pages/frame.ts';
import { html, trusted } from '../../../src/http/pages/html.ts';
import type { OptOutState, StatusView, UploadState } from '../../../src/http/pages/index.ts';
import { errorPage, newNonce, optOutPage, pageHeaders, statusPage, uploadPage } from '../../../src/http/pages/index.ts';
import { LANGUAGES, pageLanguage } from '../../../src/http/pages/languages.ts';
import { OPT_OUT_WORDS } from '../../../src/http/pages/opt-out-words.ts';
import { UPLOAD_WORDS } from '../../../src/http/pages/upload-words.ts';

const NONCE = 'q83vEjRWeJCrze8SNFZ4kA==';
const HOSTILE = `<script>alert("x")</script>' onload='x`;
const OPT_OUT_STATES = ['ask', 'done', 'already', 'maybe_left_one', 'unknown_token', 'back_in'] as const;
const UPLOAD_STATES = ['ask', 'done', 'used', 'too_large', 'bad_type'] as const;

function optOut(state: OptOutState, over: { lang?: string; business?: string; accent?: string } = {}): string {
  return optOutPage({
    business: 'Nordic Motors',
    accent: '#1f4fa3',
    lang: 'en',
    state,
    action: '/o/tok',
    nonce: NONCE,
    ...over,
  });
}

function upload(state: UploadState, over: { lang?: string; business?: string; customer?: string } = {}): string {
  const named = { business: 'Nordic Motors', customer: 'Anna', lang: 'en', ...over };
  return uploadPage({ accent: '#1f4fa3', state, action: '/u/tok', maxMegabytes: 10, nonce: NONCE, ...named });
}

function status(over: Partial<StatusView> = {}): string {
  return statusPage({
    business: 'Nordic Motors',
    version: '0.1.0',
    now: new Date('2026-11-21T23:42:00Z'),
    zone: 'Europe/Stockholm',
    roles: ['web', 'worker'],
    checks: [{ name: 'Database', ok: true, detail: 'embedded' }],
    addresses: [],
    tips: [],
    counts: [],
    nonce: NONCE,
    ...over,
  });
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

/** Every page this folder can make, by name. */
function everyPage(): [string, string][] {
  const made: [string, string][] = [['status', status({ addresses: [{ label: 'Metrics', value: '/metrics' }] })]];
  made.push(['error', errorPage({ status: 404, title: 'Nothing here', text: 'Ask', lang: 'en', nonce: NONCE })]);
  for (const lang of LANGUAGES) {
    for (const state of OPT_OUT_STATES) made.push([`opt-out ${state} ${lang}`, optOut(state, { lang })]);
    for (const state of UPLOAD_STATES) made.push([`upload ${state} ${lang}`, upload(state, { lang })]);
  }
  return made;
}

describe('the html template', () => {
  test.each([
    ['<b>', '&lt;b&gt;'],
    [`"'&`, '&quot;&#39;&amp;'],
    ['&lt;', '&amp;lt;'],
  ])('escapes %s', (value, expected) => {
    expect(html`<i title="${value}">${value}</i>`.toString()).toBe(`<i title="${expected}">${expected}</i>`);
  });

  test('keeps nested templates and lists of them as they are', () => {
    expect(html`<ul>${['<a>', 'b'].map((item) => html`<li>${item}</li>`)}</ul>`.toString()).toBe(
      '<ul><li>&lt;a&gt;</li><li>b</li></ul>',
    );
  });

  test('leaves nothing behind for false, null and undefined, but writes 0', () => {
    expect(html`[${false}${null}${undefined}${0}]`.toString()).toBe('[0]');
  });

  test('lets text through unescaped only when it is marked as ours', () => {
    expect(html`${trusted('<hr>')}`.toString()).toBe('<hr>');
  });

  test('never lets a tag or a quote of any text through', () => {
    fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(html`${text}`.toString())));
  });
});

describe('every page', () => {
  test.each(everyPage())('%s has one heading, its own language, and our nonce on all it brings', (_name, text) => {
    expect(count(text, /<h1[ >]/g)).toBe(1);
    expect(text).toMatch(/^<!doctype html>\n<html lang="(en|sv|de|es|hi)" dir="ltr">/);
    expect(count(text, /<(style|script)[ >]/g)).toBe(count(text, new RegExp(`<(style|script) nonce="${NONCE}">`, 'g')));
  });

  test.each(everyPage())('%s asks for nothing from elsewhere and runs nothing inline', (_name, text) => {
    expect(text).not.toMatch(/(src|href|action)="(https?:)?\/\//i);
    expect(text).not.toMatch(/\burl\(|@import/);
    expect(text).not.toMatch(/<[^>]*\s(on\w+|style)=/i);
  });

  test.each(everyPage())('%s tells robots and the next site nothing', (_name, text) => {
    expect(text).toContain('<meta name="robots" content="noindex, nofollow">');
    expect(text).toContain('<meta name="referrer" content="no-referrer">');
  });

  test('writes what people typed as text, never as markup', () => {
    const typed = [
      optOut('ask', { business: HOSTILE, lang: HOSTILE }),
      optOut('done', { business: HOSTILE, accent: `red;}</style>${HOSTILE}` }),
      upload('ask', { business: HOSTILE, customer: HOSTILE }),
      errorPage({ status: 400, title: HOSTILE, text: HOSTILE, lang: HOSTILE, nonce: NONCE }),
      status({
        business: HOSTILE,
        version: HOSTILE,
        roles: [HOSTILE],
        checks: [{ name: HOSTILE, ok: false, detail: HOSTILE }],
        addresses: [{ label: HOSTILE, value: `https://x/${HOSTILE}` }],
        tips: [`${HOSTILE} \`${HOSTILE}\``],
        counts: [{ label: HOSTILE, value: HOSTILE }],
      }),
    ];
    for (const text of typed) {
      expect(text).not.toContain('<script>alert');
      expect(text).not.toContain(`' onload='`);
      expect(text).toContain('&lt;script&gt;');
    }
  });
});

describe('opt-out page', () => {
  const eachInEachLanguage = LANGUAGES.flatMap((lang) => OPT_OUT_STATES.map((state) => [state, lang] as const));

  test.each(eachInEachLanguage)('%s in %s has the one big button only where it asks', (state, lang) => {
    const text = optOut(state, { lang });
    expect(text).toContain(`<html lang="${lang}"`);
    expect(count(text, /class="primary"/g)).toBe(state === 'ask' ? 1 : 0);
    expect(count(text, /<form method="post" action="\/o\/tok">/g)).toBe(state === 'unknown_token' ? 0 : 1);
  });

  test('asks for one press that says stop', () => {
    const text = optOut('ask');
    expect(text).toContain('<button class="primary" name="action" value="stop">Stop all messages</button>');
    expect(text).not.toMatch(/<(input|select|textarea)/);
  });

  test.each(['done', 'maybe_left_one', 'already'] as const)('%s offers a quiet way back that says start', (state) => {
    expect(optOut(state)).toMatch(/<button class="link" name="action" value="start"[^>]*>I changed my mind<\/button>/);
  });

  test('says who will not write again', () => {
    expect(optOut('done')).toContain('Done. Nordic Motors will not write to you again.');
    expect(optOut('done', { lang: 'sv' })).toContain('Klart. Nordic Motors skriver inte till dig igen.');
  });

  test('owns up when one message may still arrive', () => {
    expect(optOut('maybe_left_one')).toContain('Done. Nordic Motors will not write to you again.');
    expect(optOut('maybe_left_one')).toContain('One message may just have left.');
    expect(optOut('done')).not.toContain('may just have left');
  });

  test('stopping again is as near as coming back was', () => {
    expect(optOut('back_in')).toContain('<button class="link" name="action" value="stop">Stop all messages</button>');
  });

  test('an unknown token is told nothing about anybody', () => {
    const one = optOut('unknown_token', { business: 'Nordic Motors', accent: '#ff0000' });
    expect(one).not.toContain('Nordic');
    expect(one).toBe(optOut('unknown_token', { business: 'Sharma Motors', accent: '#00ff00' }));
    expect(one).toContain('reply STOP');
  });
});

describe('languages', () => {
  test.each([
    ['sv', 'sv'],
    ['sv-SE', 'sv'],
    ['DE_at', 'de'],
    [' hi ', 'hi'],
    ['fi', 'en'],
    ['', 'en'],
    ['svenska', 'en'],
  ])('%j is answered in %s', (tag, expected) => {
    expect(pageLanguage(tag)).toBe(expected);
  });

  test.each(LANGUAGES)('%s fills in all that English fills in, in words of its own', (lang) => {
    const pairs = [
      [OPT_OUT_WORDS.en, OPT_OUT_WORDS[lang]],
      [UPLOAD_WORDS.en, UPLOAD_WORDS[lang]],
    ] as const;
    for (const [english, words] of pairs) {
      for (const [key, sentence] of Object.entries(english)) {
        const own = Object.entries(words).find(([name]) => name === key)?.[1] ?? '';
        expect(own.match(/\{\w+\}/g)).toEqual(sentence.match(/\{\w+\}/g));
        if (lang !== 'en') expect(own).not.toBe(sentence);
      }
    }
  });
});

describe('upload page', () => {
  const eachInEachLanguage = LANGUAGES.flatMap((lang) => UPLOAD_STATES.map((state) => [state, lang] as const));

  test.each(eachInEachLanguage)('%s in %s takes a photo only while the link is good', (state, lang) => {
    const text = upload(state, { lang });
    const asks = state !== 'done' && state !== 'used';
    expect(count(text, /class="primary"/g)).toBe(asks ? 1 : 0);
    expect(count(text, /<input type="file" name="photo" accept="image\/\*" capture="environment" required/g)).toBe(
      asks ? 1 : 0,
    );
    expect(count(text, /<script/g)).toBe(asks ? 1 : 0);
  });

  test('posts the photo to its own address as multipart', () => {
    expect(upload('ask')).toContain('<form method="post" action="/u/tok" enctype="multipart/form-data"');
  });

  test('says how the photo is kept and for how long', () => {
    expect(upload('ask')).toContain('Stored encrypted');
    expect(upload('ask')).toContain('Deleted 30 days after the follow-up ends');
  });

  test('names what was wrong at the field', () => {
    expect(upload('too_large')).toMatch(/role="alert">That photo is larger than 10 MB\./);
    expect(upload('bad_type')).toMatch(/role="alert">That file is not a photo/);
    expect(upload('bad_type')).toContain('aria-invalid="true"');
    expect(upload('ask')).toContain('role="alert"></p>');
    expect(upload('ask')).not.toContain('aria-invalid="true"');
  });
});

describe('status page', () => {
  const failed = (name: string) => ({ name, ok: false, detail: 'no answer' });
  const well = { name: 'Database', ok: true, detail: 'embedded' };

  test.each([
    [[well], 'Everything is running.'],
    [[well, failed('Twilio')], 'Twilio needs a look.'],
    [[well, failed('Twilio'), failed('Slack')], '2 of 3 parts need a look.'],
  ])('sums up in one sentence (%#)', (checks, sentence) => {
    expect(status({ checks })).toContain(`<h1>${sentence}</h1>`);
  });

  test('tells the time where the business is', () => {
    expect(status()).toContain('>Sunday, 22 November 2026 at 00:42</time> (Europe/Stockholm)');
  });

  test('links what a browser can open and nothing else', () => {
    const values = ['http://127.0.0.1:3001', '/metrics', 'javascript:alert(1)', '//evil.example', '+46 70 000 00 01'];
    const text = status({ addresses: values.map((value) => ({ label: 'x', value })) });
    expect([...text.matchAll(/<a href="([^"]*)"/g)].map((found) => found[1])).toEqual(values.slice(0, 2));
  });

  test('sets what is to be typed apart', () => {
    expect(status({ tips: ['Write `STOP` now'] })).toContain('Write <code>STOP</code> now');
  });

  test('marks a failing part in words, not by colour alone', () => {
    expect(status({ checks: [failed('Twilio')] })).toContain('<em>needs a look</em>');
    expect(status({ checks: [well] })).not.toContain('<em>');
  });
});

describe('colours', () => {
  const anyColour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

  test('whatever the tenant chose, all text meets AA by day and by night', () => {
    fc.assert(
      fc.property(anyColour, (accent) => {
        for (const scheme of Object.values(palette(accent))) {
          for (const paper of [scheme.ground, scheme.wash, scheme.surface]) {
            for (const text of [scheme.ink, scheme.quiet, scheme.accent, scheme.alarm]) {
              expect(contrast(text, paper)).toBeGreaterThanOrEqual(4.5);
            }
            expect(contrast(scheme.edge, paper)).toBeGreaterThanOrEqual(3);
          }
          expect(contrast(scheme.onSolid, scheme.solid)).toBeGreaterThanOrEqual(4.5);
          expect(contrast(scheme.onSolid, scheme.solidHover)).toBeGreaterThanOrEqual(4.5);
        }
      }),
      { examples: [['#000000'], ['#ffffff'], ['#ffe45c'], ['#06182f'], ['#777777']] },
    );
  });

  test('by day the button has the very colour the tenant chose', () => {
    expect(palette('#1F4FA3').light.solid).toBe('#1f4fa3');
    expect(palette('#fe0').light.solid).toBe('#ffee00');
  });

  test.each(['', 'red', '#12', 'rgb(1,2,3)', '#1f4fa3;}body{display:none', '#gggggg'])('%j is no colour', (accent) => {
    expect(palette(accent)).toEqual(palette(PRODUCT_ACCENT));
  });
});

describe('frame and headers', () => {
  test('a page can be written from right to left', () => {
    const text = page({ title: 'x', lang: 'ar', dir: 'rtl', accent: '#123456', body: 'x', nonce: NONCE });
    expect(text).toContain('<html lang="ar" dir="rtl">');
  });

  test('the policy allows only our own styles and script, forms to us, and no frame around us', () => {
    const headers = pageHeaders(NONCE);
    expect(headers['Content-Security-Policy']?.split('; ')).toEqual([
      "default-src 'none'",
      `style-src 'nonce-${NONCE}'`,
      `script-src 'nonce-${NONCE}'`,
      "img-src 'self' data: blob:",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(headers).toMatchObject({
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Robots-Tag': 'noindex, nofollow',
    });
  });

  test('each nonce is new and good for a header', () => {
    const nonces = Array.from({ length: 50 }, newNonce);
    expect(new Set(nonces).size).toBe(50);
    for (const nonce of nonces) expect(() => pageHeaders(nonce)).not.toThrow();
  });

  test.each(['', 'short', `${NONCE}'; script-src *`, `${NONCE}\r\nX: y`])('refuses %j as a nonce', (nonce) => {
    expect(() => pageHeaders(nonce)).toThrow(TypeError);
  });
});
