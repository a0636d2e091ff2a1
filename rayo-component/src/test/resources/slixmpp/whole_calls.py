"""Drives two whole calls through an XMPP server, with slixmpp, and checks every answer.

Prints each stanza as it is on the wire, and a line in capitals when somebody else has to act:
CALL (ring in), PRESS (send the keys). Exits with 0 when all went as it should.
"""

import argparse
import asyncio
import os
import sys
import urllib.parse
import xml.etree.ElementTree as ET

from slixmpp import ClientXMPP, Iq, Presence
from slixmpp.exceptions import IqError
from slixmpp.xmlstream import ElementBase, register_stanza_plugin, tostring

RAYO = 'urn:xmpp:rayo:1'
EXT = 'urn:xmpp:rayo:ext:1'
EXT_COMPLETE = 'urn:xmpp:rayo:ext:complete:1'
OUTPUT = 'urn:xmpp:rayo:output:1'
INPUT = 'urn:xmpp:rayo:input:1'
RECORD = 'urn:xmpp:rayo:record:1'
PATIENCE = 20


def stanza(element, xmlns, *attributes):
    """A class for an element with these attributes, as slixmpp wants one for each."""
    return type('Rayo' + element.title(), (ElementBase,), {
        'name': element, 'namespace': xmlns, 'plugin_attrib': 'rayo_' + element.replace('-', '_'),
        'interfaces': set(attributes), 'plugin_multi_attrib': ''})


Accept = stanza('accept', RAYO)
Answer = stanza('answer', RAYO)
Hangup = stanza('hangup', RAYO)
Dial = stanza('dial', RAYO, 'to', 'from', 'timeout')
Ref = stanza('ref', RAYO, 'uri')
Offer = stanza('offer', RAYO, 'to', 'from')
Ringing = stanza('ringing', RAYO)
Answered = stanza('answered', RAYO)
End = stanza('end', RAYO)
Complete = stanza('complete', EXT)
Stop = stanza('stop', EXT)
Record = stanza('record', RECORD, 'format', 'start-beep', 'direction')
Recording = stanza('recording', 'urn:xmpp:rayo:record:complete:1', 'uri', 'duration', 'size')
Output = stanza('output', OUTPUT, 'repeat-times')
Document = stanza('document', OUTPUT, 'url')
Pause = stanza('pause', OUTPUT)
Resume = stanza('resume', OUTPUT)
Input = stanza('input', INPUT, 'mode', 'terminator')
Grammar = stanza('grammar', INPUT, 'url')
Match = stanza('match', 'urn:xmpp:rayo:input:complete:1', 'content-type')
Dance = stanza('dance', RAYO)

for command in (
        Accept, Answer, Hangup, Dial, Stop, Record, Output, Pause, Resume, Input, Dance, Ref):
    register_stanza_plugin(Iq, command)
for event in (Offer, Ringing, Answered, End, Complete):
    register_stanza_plugin(Presence, event)
register_stanza_plugin(Complete, Recording)
register_stanza_plugin(Complete, Match)
register_stanza_plugin(Output, Document)
register_stanza_plugin(Input, Grammar)


def check(holds, what):
    if not holds:
        raise AssertionError(what)


class Client(ClientXMPP):
    """Keeps the presences that have come, in order, and answers whoever waits for one."""

    def __init__(self, options):
        super().__init__(options.jid, options.password)
        self.options = options
        self.seen = []
        self.changed = asyncio.Condition()
        self.failure = None
        for plugin in ('xep_0030', 'xep_0115', 'xep_0199', 'xep_0203'):
            self.register_plugin(plugin)
        self['xep_0030'].add_feature('urn:xmpp:rayo:client:1')
        self.add_filter('in', lambda s: self.show('<', s))
        self.add_filter('out', lambda s: self.show('>', s))
        self.add_event_handler('session_start', self.start)
        self.add_event_handler('failed_auth', lambda _: self.end(AssertionError('no login')))
        self.add_event_handler('presence_available', self.keep)
        self.add_event_handler('presence_unavailable', self.keep)

    @staticmethod
    def show(direction, what):
        if hasattr(what, 'xml'):
            print(direction, tostring(what.xml), flush=True)
        return what

    async def keep(self, presence):
        async with self.changed:
            self.seen.append(presence)
            self.changed.notify_all()

    async def awaited(self, sender, plugin):
        """The first event of this kind from this address, or from anybody's when it is empty."""
        def found():
            return [p for p in self.seen
                    if p.get_plugin(plugin, check=True) is not None
                    and (not sender or p['from'].full == sender)]
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(found), PATIENCE)
        presence = found()[0]
        check(presence['delay']['stamp'] is not None, 'every event has its time: %s' % presence)
        return presence

    async def command(self, to, child):
        iq = self.make_iq_set(ito=to)
        iq.append(child)
        return await iq.send(timeout=PATIENCE)

    async def done(self, to, child):
        """A command that is answered with an empty result."""
        result = await self.command(to, child)
        check(len(result.xml) == 0 and result['from'].full == to, 'an empty result: %s' % result)

    async def ref(self, to, child):
        """A command whose answer tells an address, from which nothing may have come before."""
        result = await self.command(to, child)
        check(result['from'].full == to, 'the answer is from who was asked: %s' % result)
        uri = result['rayo_ref']['uri']
        check(uri.startswith('xmpp:'), 'a ref is an XMPP address: %s' % result)
        return uri[len('xmpp:'):]

    async def complete(self, component):
        presence = await self.awaited(component, 'rayo_complete')
        check(presence['type'] == 'unavailable', 'a complete is the last: %s' % presence)
        return presence['rayo_complete']

    @staticmethod
    def reason(event):
        """The name of the first child, in Clark's notation."""
        return event.xml[0].tag

    async def start(self, _):
        try:
            await asyncio.wait_for(self.calls(), 90)
            self.end(None)
        except Exception as failure:  # whoever has started us reads it
            self.end(failure)

    def end(self, failure):
        self.failure = failure
        self.disconnect(wait=2)

    async def calls(self):
        server = self.options.server
        await self['xep_0199'].ping(server, timeout=PATIENCE)
        features = (await self['xep_0030'].get_info(server, timeout=PATIENCE))['disco_info']
        for feature in (RAYO, OUTPUT, INPUT, RECORD, 'urn:xmpp:ping'):
            check(feature in features['features'], 'the server has %s' % feature)
        check(features['identities'], 'the server says what it is')
        self.send_presence(pto=server, pshow='chat')
        await self['xep_0199'].ping(server, timeout=PATIENCE)
        await self.incoming()
        await self.outgoing(server)
        self.send_presence(pto=server, ptype='unavailable')

    async def incoming(self):
        print('CALL', flush=True)
        offer = await self.awaited('', 'rayo_offer')
        call = offer['from'].full
        check(offer['type'] == 'available', 'an offer is available presence')
        check(offer['rayo_offer']['to'].startswith('sip:service@'), 'who was called: %s' % offer)
        check(offer['rayo_offer']['from'].startswith('sip:caller@'), 'who calls: %s' % offer)
        await self.verify_caps(offer)
        await self.done(call, Accept())
        await self.done(call, Answer())
        await self.refused(call, Dance(), 'feature-not-implemented', 'cancel')
        await self.play(call)
        await self.take_keys(call)
        await self.record(call)
        await self.done(call, Hangup())
        end = await self.awaited(call, 'rayo_end')
        check(end['type'] == 'unavailable', 'an end is the last: %s' % end)
        check(self.reason(end['rayo_end']) == '{%s}hangup-command' % RAYO, 'why: %s' % end)
        await self.refused(call, Hangup(), 'item-not-found', 'cancel')

    async def verify_caps(self, offer):
        """The hash of the offer's capabilities is that of what the call says of itself."""
        caps = offer['caps']
        check(caps['node'] == 'urn:xmpp:rayo:call:1', 'an offer has capabilities: %s' % offer)
        call = offer['from'].full
        info = await self['xep_0030'].get_info(
            call, node='%s#%s' % (caps['node'], caps['ver']), timeout=PATIENCE)
        check(RAYO in info['disco_info']['features'], 'a call knows Rayo: %s' % info)
        made = self['xep_0115'].generate_verstring(info['disco_info'], caps['hash'])
        check(made == caps['ver'], 'the hash is %s, not %s' % (made, caps['ver']))
        plain = await self['xep_0030'].get_info(call, timeout=PATIENCE)
        check(plain['disco_info']['features'] == info['disco_info']['features'], 'one and the same')

    async def refused(self, to, child, condition, kind):
        try:
            await self.command(to, child)
        except IqError as refusal:
            error = refusal.iq['error']
            check((error['condition'], error['type']) == (condition, kind), str(refusal.iq))
            check(error['text'], 'an error says why: %s' % refusal.iq)
        else:
            raise AssertionError('not refused: %s' % child)

    def output(self, **attributes):
        output = Output()
        output['rayo_document']['url'] = self.options.sound
        for name, value in attributes.items():
            output[name.replace('_', '-')] = value
        return output

    async def play(self, call):
        played = await self.ref(call, self.output())
        reason = self.reason(await self.complete(played))
        check(reason == '{urn:xmpp:rayo:output:complete:1}finish', reason)
        endless = await self.ref(call, self.output(repeat_times='0'))
        await self.done(endless, Pause())
        await self.refused(endless, Pause(), 'unexpected-request', 'wait')
        await self.done(endless, Resume())
        await self.done(endless, Stop())
        reason = self.reason(await self.complete(endless))
        check(reason == '{%s}stop' % EXT_COMPLETE, reason)
        await self.refused(endless, Stop(), 'item-not-found', 'cancel')

    async def take_keys(self, call):
        asked = Input()
        asked['mode'] = 'dtmf'
        asked['terminator'] = '#'
        asked['rayo_grammar']['url'] = 'builtin:dtmf/digits'
        component = await self.ref(call, asked)
        print('PRESS', flush=True)
        complete = await self.complete(component)
        check(self.reason(complete).endswith('}match'), str(complete))
        check(complete['rayo_match']['content-type'] == 'application/nlsml+xml', str(complete))
        nlsml = ET.fromstring(complete['rayo_match'].xml.text)
        heard = [e.text for e in nlsml.iter() if e.tag.endswith('input') and e.text]
        check(heard == ['4 2'], 'the keys are 4 2: %s' % complete)

    async def record(self, call):
        asked = Record()
        asked['format'] = 'wav'
        asked['start-beep'] = 'false'
        asked['direction'] = 'send'
        component = await self.ref(call, asked)
        await asyncio.sleep(1)
        await self.done(component, Stop())
        complete = await self.complete(component)
        check(self.reason(complete) == '{%s}stop' % EXT_COMPLETE, str(complete))
        recording = complete['rayo_recording']
        path = urllib.parse.unquote(urllib.parse.urlparse(recording['uri']).path)
        check(os.path.getsize(path) == int(recording['size']), 'its size: %s' % complete)
        check(int(recording['duration']) > 300, 'its length in ms: %s' % complete)
        print('RECORDED %s %s' % (path, recording['duration']), flush=True)

    async def outgoing(self, server):
        asked = Dial()
        asked['to'] = self.options.dial
        asked['from'] = 'sip:slixmpp@example.org'
        asked['timeout'] = '30000'
        call = await self.ref(server, asked)
        check(call.endswith('@' + server), 'a call is an address of the server: %s' % call)
        await self.awaited(call, 'rayo_answered')
        await self.done(call, Hangup())
        end = await self.awaited(call, 'rayo_end')
        check(self.reason(end['rayo_end']) == '{%s}hangup-command' % RAYO, 'why: %s' % end)


def main():
    parser = argparse.ArgumentParser()
    for name in ('host', 'port', 'jid', 'password', 'server', 'sound', 'dial'):
        parser.add_argument('--' + name, required=True)
    options = parser.parse_args()
    client = Client(options)
    client.connect((options.host, int(options.port)), disable_starttls=True, force_starttls=False)
    client.loop.run_until_complete(client.disconnected)
    if client.failure is not None:
        print('FAILED %r' % client.failure, flush=True)
        sys.exit(1)
    print('DONE', flush=True)


main()
