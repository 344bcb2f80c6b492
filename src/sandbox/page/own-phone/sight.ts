import { useEffect, useMemo, useState } from 'react';
import type { Json } from '../../wire.ts';
import { objectOf, textOf } from '../blocks/json.ts';
import { pictureAddress } from '../blocks/picture-address.ts';
import { useAll, useValues } from '../state/hooks.ts';
import { readCode } from './qr.ts';

/** A code before the camera: its picture in Slack, and what is read from it. */
export interface Sight {
  address: string;
  code: string;
}

/** How many pictures are looked at, newest first: somebody may have been sent a chart since. */
const LOOKED_AT = 4;

/** The newest code among the pictures in the app's direct messages, as Slack shows them now. */
export function useSight(): Sight | undefined {
  const messages = useAll('message');
  const channels = useValues('channel');
  const addresses = useMemo(() => {
    const direct = new Set(channels.filter(({ kind }) => kind === 'im').map(({ id }) => id));
    return messages
      .map(({ value }) => value)
      .filter(({ channel }) => direct.has(channel))
      .sort((a, b) => Number(b.ts) - Number(a.ts))
      .flatMap(({ blocks }) => blocks.flatMap(picturesOf))
      .slice(0, LOOKED_AT)
      .join(' ');
  }, [messages, channels]);
  const [sight, setSight] = useState<Sight>();
  useEffect(() => {
    let over = false;
    void firstCode(addresses.split(' ').filter(Boolean)).then((found) => {
      if (!over) setSight(found);
    });
    return () => {
      over = true;
    };
  }, [addresses]);
  return sight;
}

function picturesOf(block: Json): string[] {
  if (block.type !== 'image') return [];
  const address = pictureAddress(textOf(block.image_url), objectOf(block.slack_file), location.origin);
  return address === undefined ? [] : [address];
}

async function firstCode(addresses: readonly string[]): Promise<Sight | undefined> {
  for (const address of addresses) {
    const code = await read(address).catch(() => undefined); // deleted meanwhile, or no picture
    if (code !== undefined) return { address, code };
  }
  return undefined;
}

async function read(address: string): Promise<string | undefined> {
  const response = await fetch(address, { cache: 'no-store' });
  const picture = await createImageBitmap(await response.blob());
  const { width, height } = picture;
  const canvas = new OffscreenCanvas(width, height).getContext('2d');
  canvas?.drawImage(picture, 0, 0);
  const data = canvas?.getImageData(0, 0, width, height).data;
  return data && readCode({ data, width, height });
}
