import type { OpenServices } from '../api/index.ts';
import { acceptWebRtc } from '../media/index.ts';
import type { Core } from './core.ts';

/** What a window needs to hold a conversation: typed alone, or with sound over WebRTC on `bindAddress`. */
export function talkServices(
  core: Core,
  bindAddress: string,
): Pick<OpenServices, 'converse' | 'conversation'> {
  return {
    converse: async ({ memberId, roles, from }, { sdp, mode }) => {
      const member = { id: memberId, roles };
      if (sdp === null)
        return { conversation: core.converse({ member, endpoint: null, mode, from }), sdp: null };
      const { endpoint, answerSdp } = await acceptWebRtc({ offerSdp: sdp, label: 'window', bindAddress });
      try {
        return { conversation: core.converse({ member, endpoint, mode, from }), sdp: answerSdp };
      } catch (error) {
        await endpoint.close();
        throw error;
      }
    },
    conversation: (id, memberId) => {
      const held = core.conversations.get(id);
      return held?.memberId === memberId ? held.live : null;
    },
  };
}
