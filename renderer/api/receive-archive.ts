import { bytesOf, saveFile } from '../state/save.ts';

interface Head {
  readonly type: 'made';
  readonly name: string;
  readonly bytes: number;
}
interface Block {
  readonly type: 'block';
  readonly base64: string;
}

/**
 * Takes in an archive that the appliance sends and hands it to the browser to be saved. `onShare` is told how much of it
 * has come, from 0 to 1. @throws what the appliance refuses, and when it did not arrive whole.
 */
export async function receiveArchive<Made extends Head>(
  open: (signal: AbortSignal) => AsyncIterable<Made | Block>,
  onShare: (share: number) => void = () => {},
): Promise<Made> {
  const blocks: Uint8Array<ArrayBuffer>[] = [];
  let head: Made | null = null;
  let received = 0;
  for await (const event of open(new AbortController().signal)) {
    if (event.type === 'made') head = event;
    else {
      const block = bytesOf(event.base64);
      blocks.push(block);
      received += block.length;
      if (head !== null) onShare(received / head.bytes);
    }
  }
  if (head === null || received !== head.bytes) throw cutOff();
  saveFile(head.name, blocks, 'application/x-tar');
  return head;
}

function cutOff(): Error {
  return Object.assign(new Error('It did not arrive whole.'), {
    code: 'window/cut-off',
    remedy: 'Try again.',
  });
}
