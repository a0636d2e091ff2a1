#!/usr/bin/env python3
"""A SIP phone for trying things out: it calls, whistles, and presses the keys you type.

    python3 phone.py sip:anything@127.0.0.1:5060
    python3 phone.py 5070

The second waits for a call to this port of 127.0.0.1. Type `answer` to take it, keys (0-9 * #) and
Enter to press them, `whistle` to whistle for a second, `hang up` to hang up. It knows no more than
it takes: UDP, PCMU, RFC 4733 keys, one call.
"""

import math
import os
import random
import re
import select
import socket
import struct
import sys
import time

KEYS = '0123456789*#'
FRAME = 160  # samples in 20 ms
SILENCE = b'\xff' * FRAME


def mulaw(sample):
    """One sample of G.711 (RFC 5391 has the law)."""
    sign, level = (0x80, -sample) if sample < 0 else (0, sample)
    level = min(level, 32635) + 132
    exponent = max(level.bit_length() - 8, 0)
    return ~(sign | exponent << 4 | level >> exponent + 3 & 0x0F) & 0xFF


WHISTLE = bytes(mulaw(int(8000 * math.sin(2 * math.pi * 700 * n / 8000))) for n in range(8000))


class Phone:

    def __init__(self, port=0):
        self.sip = self.socket(port)
        self.rtp = self.socket()
        self.own = '127.0.0.1:%d' % self.sip.getsockname()[1]
        self.peer = self.target = self.to = self.invite = None
        self.call_id = self.word()
        self.tag = self.word()
        self.local = '<sip:phone@%s>;tag=%s' % (self.own, self.tag)
        self.branch = ''
        self.keys_as = 101  # the payload type of keys
        # Still to be sent: payload type, place in a key (0: none), payload; or text to print.
        self.frames = []
        self.media = None
        self.over = False
        self.sequence = self.stamp = self.heard = 0

    @staticmethod
    def word():
        return '%016x' % random.getrandbits(64)

    @staticmethod
    def socket(port=0):
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.bind(('127.0.0.1', port))
        return made

    def request(self, method, cseq, body='', branch=None):
        self.branch = branch or 'z9hG4bK' + self.word()
        lines = [
            '%s %s SIP/2.0' % (method, self.target),
            'Via: SIP/2.0/UDP %s;branch=%s' % (self.own, self.branch),
            'Max-Forwards: 70',
            'From: ' + self.local,
            'To: ' + self.to,
            'Call-ID: ' + self.call_id,
            'CSeq: %d %s' % (cseq, method),
            'Contact: <sip:phone@%s>' % self.own]
        if body:
            lines.append('Content-Type: application/sdp')
        lines += ['Content-Length: %d' % len(body), '', body]
        self.sip.sendto('\r\n'.join(lines).encode(), self.peer)

    def call(self, uri):
        host, port = re.fullmatch(r'sip:[^@]+@([^:;]+)(?::(\d+))?', uri).groups()
        self.peer = (host, int(port or 5060))
        self.target = uri
        self.to = '<%s>' % uri
        self.request('INVITE', 1, self.description())

    def description(self):
        """What we send and take, in SDP."""
        return '\r\n'.join([
            'v=0', 'o=phone 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0',
            'm=audio %d RTP/AVP 0 %d' % (self.rtp.getsockname()[1], self.keys_as),
            'a=rtpmap:0 PCMU/8000', 'a=rtpmap:%d telephone-event/8000' % self.keys_as,
            'a=fmtp:%d 0-15' % self.keys_as, ''])

    def connected(self, message):
        """There is sound from now on, to where the other side's SDP says."""
        if self.media is None:
            address = re.search(r'c=IN IP4 (\S+)', message).group(1)
            self.media = (address, int(re.search(r'm=audio (\d+)', message).group(1)))
            self.say('answered')

    def received(self, message, sender):
        first, rest = message.split('\r\n', 1)
        headers = {}
        for line in rest.split('\r\n\r\n')[0].split('\r\n'):
            name, value = line.split(':', 1)
            headers.setdefault(name.strip().lower(), value.strip())
        if first.startswith('BYE '):
            self.answer(rest, '200 OK')
            self.end('the other side has hung up')
        elif first.startswith('INVITE ') and self.to is None:
            self.peer, self.invite = sender, rest
            self.to, self.call_id = headers['from'], headers['call-id']
            self.local = headers['to'] + ';tag=' + self.tag
            self.target = re.search(r'<([^>]+)>', headers['contact']).group(1)
            keys = re.search(r'a=rtpmap:(\d+) telephone-event/8000', rest)
            self.keys_as = int(keys.group(1)) if keys else self.keys_as
            self.answer(rest, '180 Ringing')
            self.say('it rings: ' + re.search(r'sips?:[^>;\s]+', self.to).group())
        elif first.startswith('CANCEL ') and self.media is None:
            self.answer(rest, '200 OK')
            self.answer(self.invite, '487 Request Terminated')
            self.end('the caller has given up')
        elif first.startswith('SIP/2.0 ') and headers['cseq'].endswith('INVITE'):
            status = int(first.split(' ')[1])
            if status in (180, 183):
                self.say('it rings')
            elif 200 <= status < 300:
                self.to = headers['to']
                self.target = re.search(r'<([^>]+)>', headers['contact']).group(1)
                self.request('ACK', 1)
                self.connected(rest)
            elif status >= 300:
                self.to = headers['to']
                self.request('ACK', 1, branch=self.branch)
                self.end('refused: ' + first[len('SIP/2.0 '):])

    def answer(self, request, status, body=''):
        """Answers a request with its own headers."""
        lines = ['SIP/2.0 ' + status]
        for line in request.split('\r\n'):
            if re.match(r'to:', line, re.I) and ';tag=' not in line:
                line += ';tag=' + self.tag
            if re.match(r'(via|from|to|call-id|cseq):', line, re.I):
                lines.append(line)
        lines.append('Contact: <sip:phone@%s>' % self.own)
        if body:
            lines.append('Content-Type: application/sdp')
        lines += ['Content-Length: %d' % len(body), '', body]
        self.sip.sendto('\r\n'.join(lines).encode(), self.peer)

    def typed(self, line):
        if line == 'hang up':
            if self.media is not None:
                self.request('BYE', 2)
            elif self.invite is not None:
                self.answer(self.invite, '486 Busy Here')
            else:
                self.request('CANCEL', 1, branch=self.branch)
            self.end('hung up')
        elif line == 'answer':
            if self.invite is not None and self.media is None:
                self.answer(self.invite, '200 OK', self.description())
                self.connected(self.invite)
        elif line == 'whistle':
            for at in range(0, len(WHISTLE), FRAME):
                self.frames.append((0, 0, WHISTLE[at:at + FRAME]))
            self.frames.append('whistled')
        else:
            for key in line:
                if key in KEYS:
                    self.press(KEYS.index(key))

    def press(self, event):
        """RFC 4733: 100 ms, the end three times; then 100 ms of nothing."""
        for frame in range(1, 9):
            end, duration = (0x80, 800) if frame > 5 else (0, frame * FRAME)
            payload = struct.pack('!BBH', event, end | 10, duration)
            self.frames.append((self.keys_as, frame, payload))
        self.frames += [(0, 0, SILENCE)] * 5

    def speak(self):
        """Sends the next 20 ms. A key keeps the time stamp of its beginning."""
        while self.frames and isinstance(self.frames[0], str):
            self.say(self.frames.pop(0))
        kind, place, payload = self.frames.pop(0) if self.frames else (0, 0, SILENCE)
        stamp = self.stamp - (place - 1) * FRAME if place else self.stamp
        marker = 0x80 if place == 1 else 0
        header = struct.pack(
            '!BBHII', 0x80, marker | kind, self.sequence & 0xFFFF, stamp & 0xFFFFFFFF, 4711)
        self.rtp.sendto(header + payload, self.media)
        self.sequence += 1
        self.stamp += FRAME

    def hear(self, packet):
        if packet[1] & 0x7F == 0 and any(octet & 0x7F < 0x60 for octet in packet[12:]):
            self.heard += len(packet) - 12

    def say(self, text):
        print(text, flush=True)

    def end(self, why):
        self.over = True
        self.say('%s; %.1f s of sound were heard' % (why, self.heard / 8000))

    def run(self):
        next_frame = time.monotonic()
        while not self.over:
            wait = max(0, next_frame - time.monotonic()) if self.media else 1
            for ready in select.select([self.sip, self.rtp, sys.stdin], [], [], wait)[0]:
                if ready is self.sip:
                    message, sender = self.sip.recvfrom(65536)
                    self.received(message.decode(errors='replace'), sender)
                elif ready is self.rtp:
                    self.hear(self.rtp.recv(2048))
                else:
                    typed = os.read(sys.stdin.fileno(), 4096).decode()
                    for line in typed.splitlines() if typed else ['hang up']:
                        self.typed(line.strip())
            if self.media and time.monotonic() >= next_frame:
                self.speak()
                next_frame = max(next_frame + 0.02, time.monotonic() - 0.2)


whom = sys.argv[1] if len(sys.argv) == 2 else ''
if re.fullmatch(r'\d{1,5}', whom):
    phone = Phone(int(whom))
    phone.say('waiting for a call to sip:anything@' + phone.own)
elif re.fullmatch(r'sip:[^@]+@[^:;]+(:\d+)?', whom):
    phone = Phone()
    phone.call(whom)
else:
    sys.exit(__doc__)
phone.run()
