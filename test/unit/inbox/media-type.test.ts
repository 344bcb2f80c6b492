import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mediaTypeOf } from '../../../src/inbox/media-type.ts';

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat([
    ...parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
    Buffer.alloc(32),
  ]);

describe('the type of a file by its first bytes', () => {
  test.each([
    ['a JPEG', bytes([0xff, 0xd8, 0xff, 0xe0]), 'image/jpeg'],
    ['a PNG', bytes([0x89], 'PNG\r\n', [0x1a], '\n'), 'image/png'],
    ['a GIF', bytes('GIF89a'), 'image/gif'],
    ['a WebP', bytes('RIFF', [1, 2, 3, 4], 'WEBPVP8 '), 'image/webp'],
    ['a PDF', bytes('%PDF-1.7'), 'application/pdf'],
    ["WhatsApp's voice note (Opus in Ogg)", bytes('OggS', [0, 2]), 'audio/ogg'],
    ['an MP3 with tags', bytes('ID3', [3, 0]), 'audio/mpeg'],
    ['an MP3 without', bytes([0xff, 0xfb, 0x90, 0x64]), 'audio/mpeg'],
    ['a voice memo of a phone', bytes([0, 0, 0, 28], 'ftypM4A '), 'audio/mp4'],
    ['an AMR', bytes('#!AMR\n'), 'audio/amr'],
    ['a video', bytes([0, 0, 0, 24], 'ftypmp42'), 'video/mp4'],
  ])('%s', (_what, file, mime) => {
    expect(mediaTypeOf(file)?.mime).toBe(mime);
  });

  test.each([
    ['a page', bytes('<!DOCTYPE html><script>alert(1)</script>')],
    ['a drawing with a script', bytes('<?xml version="1.0"?><svg onload="x">')],
    ['a program', bytes('MZ', [0x90, 0])],
    ['a program of Linux', bytes([0x7f], 'ELF')],
    ['an archive (which may hold anything)', bytes('PK', [3, 4])],
    ['a WAV, which RIFF alone would let through', bytes('RIFF', [1, 2, 3, 4], 'WAVEfmt ')],
    ['a picture of a brand that no browser shows', bytes([0, 0, 0, 24], 'ftypheic')],
    ['text', bytes('hello')],
    ['nothing', Buffer.alloc(0)],
    ['two bytes of a JPEG', Buffer.from([0xff, 0xd8])],
    ['UTF-16 text, which begins like a frame of audio', Buffer.from([0xff, 0xfe, 0x41, 0x00])],
  ])('%s is none', (_what, file) => {
    expect(mediaTypeOf(file)).toBeNull();
  });

  test('never fails, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (any) => void mediaTypeOf(Buffer.from(any))));
  });
});
