#!/usr/bin/env python3
"""An answering machine: takes every call, records what is said, and prints where it is.

    python3 answering_machine.py romeo@localhost montague rayo.localhost

Needs slixmpp (Debian: python3-slixmpp).
"""

import argparse
import asyncio
import xml.etree.ElementTree as ET

from slixmpp import ClientXMPP
from slixmpp.exceptions import IqError

ANSWER = "<answer xmlns='urn:xmpp:rayo:1'/>"
HANGUP = "<hangup xmlns='urn:xmpp:rayo:1'/>"
SAY = ("<output xmlns='urn:xmpp:rayo:output:1'>"
       "<document content-type='text/plain'>%s</document></output>")
RECORD = ("<record xmlns='urn:xmpp:rayo:record:1' start-beep='true' direction='send'"
          " final-timeout='3000' max-duration='60000'><hint name='stop-keys' value='#'/></record>")

OFFER = '{urn:xmpp:rayo:1}offer'
REF = '{urn:xmpp:rayo:1}ref'
COMPLETE = '{urn:xmpp:rayo:ext:1}complete'
RECORDING = '{urn:xmpp:rayo:record:complete:1}recording'


class AnsweringMachine(ClientXMPP):

    def __init__(self, jid, password, rayo):
        super().__init__(jid, password)
        self.rayo = rayo
        self.completes = {}  # futures of <complete/>, by the component's address
        self.register_plugin('xep_0199')
        self.add_event_handler('session_start', self.start)
        self.add_event_handler('presence_available', self.received)
        self.add_event_handler('presence_unavailable', self.received)

    async def start(self, _):
        self.send_presence(pto=self.rayo, pshow='chat')
        print('waiting for calls', flush=True)

    async def received(self, presence):
        """An event: a call, or the end of what we have started in one."""
        offer, complete = presence.xml.find(OFFER), presence.xml.find(COMPLETE)
        if offer is not None:
            print('call from', offer.get('from'), flush=True)
            asyncio.ensure_future(self.take(presence['from'].full))
        elif complete is not None:
            self.complete(presence['from'].full).set_result(complete)

    async def take(self, call):
        try:
            await self.command(call, ANSWER)
            await self.run(call, SAY % 'Please speak after the tone. Press hash when done.')
            print('recording', flush=True)
            recording = (await self.run(call, RECORD)).find(RECORDING)
            print('recorded', recording.get('duration'), 'ms:', recording.get('uri'), flush=True)
            await self.run(call, SAY % 'Thank you.')
            await self.command(call, HANGUP)
        except IqError as refused:  # as is every command when the caller has hung up
            print('ended early:', refused.iq['error']['text'], flush=True)

    async def command(self, to, text):
        iq = self.make_iq_set(ito=to)
        iq.append(ET.fromstring(text))
        return await iq.send()

    async def run(self, call, text):
        """Starts a component and waits for its end."""
        result = await self.command(call, text)
        address = result.xml.find(REF).get('uri')[len('xmpp:'):]
        complete = await self.complete(address)
        del self.completes[address]
        return complete

    def complete(self, address):
        """Made by whoever is first: the end of a component may be here before we wait for it."""
        return self.completes.setdefault(address, self.loop.create_future())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('jid')
    parser.add_argument('password')
    parser.add_argument('rayo', help='the domain of the Rayo server')
    parser.add_argument('--host', default='127.0.0.1', help='of the XMPP server')
    parser.add_argument('--port', default=5222, type=int)
    parser.add_argument('--ca', help='log in with TLS; a file (PEM) with the certificate that the'
                                     " server's is signed by, or with the server's own")
    options = parser.parse_args()
    machine = AnsweringMachine(options.jid, options.password, options.rayo)
    machine.ca_certs = options.ca
    # The server that ./rayo brings along speaks no TLS, as it is on loopback only.
    machine.connect((options.host, options.port),
                    disable_starttls=not options.ca, force_starttls=bool(options.ca))
    machine.loop.run_until_complete(machine.disconnected)


try:
    main()
except KeyboardInterrupt:
    print('stopped')
