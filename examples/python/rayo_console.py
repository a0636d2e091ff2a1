#!/usr/bin/env python3
"""A console for Rayo: shows every stanza, and sends the commands you type.

    python3 rayo_console.py romeo@localhost montague rayo.localhost

A line is who is to do something, and what:

    call <answer xmlns='urn:xmpp:rayo:1'/>

Who is `server`, `call` (the last that was offered), `dialled` and `mixer` (the last of each),
`component` (the last that was begun) or an address. In a command each of them stands for its
address when it is in braces, and {recording} for the uri of the last recording. `quit` leaves.
Needs slixmpp (Debian: python3-slixmpp).
"""

import argparse
import asyncio
import re
import sys
import xml.etree.ElementTree as ET

from slixmpp import ClientXMPP
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.stanza.rootstanza import RootStanza

RAYO = '{urn:xmpp:rayo:1}'
RECORDING = '{urn:xmpp:rayo:record:complete:1}recording'


class Console(ClientXMPP):

    def __init__(self, jid, password, server):
        super().__init__(jid, password)
        self.names = {'server': server}
        self.rayo = server
        self.register_plugin('xep_0199')  # the server asks now and then whether we are there
        self.add_filter('in', lambda stanza: self.show('<-', stanza))
        self.add_filter('out', lambda stanza: self.show('->', stanza))
        self.add_event_handler('session_start', self.start)
        self.add_event_handler('failed_auth', lambda _: self.say('! the password is wrong'))
        self.add_event_handler('connection_failed', lambda why: self.say('! cannot connect:', why))
        self.login = self.loop.call_later(
            10, self.say, '! not logged in yet; does the server demand TLS (--ca)?')

    @staticmethod
    def say(*words):
        print(*words, flush=True)

    def show(self, direction, stanza):
        """Prints what passes between us and the Rayo server, and remembers what it names."""
        if isinstance(stanza, RootStanza):
            peer = stanza['from'] if direction == '<-' else stanza['to']
            if peer.domain == self.rayo:
                self.say(direction, stanza)
                if direction == '<-' and stanza.xml.find(RAYO + 'offer') is not None:
                    self.names['call'] = peer.full
                for recording in stanza.xml.iter(RECORDING):
                    self.names['recording'] = recording.get('uri')
        return stanza

    async def start(self, _):
        """Says that we take calls, and does what is typed."""
        self.login.cancel()
        self.send_presence(pto=self.rayo, pshow='chat')
        while True:
            line = await self.loop.run_in_executor(None, sys.stdin.readline)
            if line.strip() in ('quit', '') and line != '\n':
                break
            if line.strip():
                await self.command(*line.strip().split(' ', 1))
        self.disconnect()

    async def command(self, target, text=''):
        try:
            iq = self.make_iq_set(ito=self.names.get(target, target))
            command = ET.fromstring(
                re.sub(r'{(\w+)}', lambda name: self.names.get(name[1], name[0]), text))
            iq.append(command)
            result = await iq.send()
        except (ET.ParseError, ValueError) as wrong:
            self.say('! not a line of the form: who <command .../>:', wrong)
        except (IqError, IqTimeout):
            pass  # an error is shown as any other answer
        else:
            ref = result.xml.find(RAYO + 'ref')
            if ref is not None:
                address = ref.get('uri')[len('xmpp:'):]
                kind = {RAYO + 'dial': 'dialled', RAYO + 'join': 'mixer'}
                self.names[kind.get(command.tag, 'component')] = address


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('jid')
    parser.add_argument('password')
    parser.add_argument('server', help='the domain of the Rayo server')
    parser.add_argument('--host', default='127.0.0.1', help='of the XMPP server')
    parser.add_argument('--port', default=5222, type=int)
    parser.add_argument('--ca', help='log in with TLS; a file (PEM) with the certificate that the'
                                     " server's is signed by, or with the server's own")
    options = parser.parse_args()
    console = Console(options.jid, options.password, options.server)
    console.ca_certs = options.ca
    # The server that ./rayo brings along speaks no TLS, as it is on loopback only.
    console.connect((options.host, options.port),
                    disable_starttls=not options.ca, force_starttls=bool(options.ca))
    console.loop.run_until_complete(console.disconnected)


try:
    main()
except KeyboardInterrupt:
    print()
