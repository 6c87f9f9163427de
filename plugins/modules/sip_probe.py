#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probe which SIP ports of a site answer this host."""

from __future__ import annotations

DOCUMENTATION = r"""
module: sip_probe
short_description: Probe which SIP ports of a site answer this host
version_added: 0.1.0
description:
  - Sends SIP OPTIONS over UDP, TCP or TLS, or only opens a TCP connection, and reports for each target whether it
    V(answered), V(refused), was V(unreachable) or V(silent), with the evidence.
  - All targets are probed at the same time, so four silent ones take one O(timeout), not four.
  - Calls silence proved only beside a positive control, because a dead line is silent too. See O(control) and
    O(control_results).
  - Probes only what O(allowed_targets) lists, at most 64 targets in a task and nine datagrams to each. Its
    C(User-Agent) is C(voipsec-site-audit), so that the customer's logs show what it was.
  - Probe only addresses that you are allowed to probe. In the UK the Computer Misuse Act 1990 may apply to others.
  - Needs no root and no packages.
extends_documentation_fragment:
  - voipsec.hardening.attributes
attributes:
  check_mode:
    support: full
    description: Probes in check mode too, because probing changes nothing.
  diff_mode:
    support: none
    description: Nothing is changed, so there is no difference to show.
  idempotent:
    support: full
    description: Changes nothing.
options:
  targets:
    description: What to probe.
    type: list
    elements: dict
    required: true
    suboptions:
      host:
        description:
          - IPv4 address, IPv6 address or name. Of a name every address is probed.
          - Each address must be in O(allowed_targets).
        type: str
        required: true
      port:
        description: Port.
        type: int
        required: true
      transport:
        description: V(tcp_connect) opens a TCP connection and sends nothing, for ports that are not SIP.
        type: str
        default: udp
        choices: [udp, tcp, tls, tcp_connect]
      server_name:
        description: Name that the TLS certificate must have; O(targets[].host) by default.
        type: str
      expect:
        description: The expected state. Without it the target is only reported.
        type: str
        choices: [answered, silent]
  control:
    description:
      - Positive controls. Targets that must answer this vantage point in the same run.
      - If one of them does not, the silence of every target is unproved.
      - A control proves silence only of other ports at its own address.
    type: list
    elements: dict
    default: []
    suboptions:
      host:
        description: As in O(targets[].host).
        type: str
        required: true
      port:
        description: Port.
        type: int
        required: true
      transport:
        description: As in O(targets[].transport).
        type: str
        default: udp
        choices: [udp, tcp, tls, tcp_connect]
      server_name:
        description: As in O(targets[].server_name).
        type: str
  control_results:
    description:
      - Positive controls of other vantage points, as their tasks of this module registered them.
      - A result counts for the addresses that answered there, for 120 seconds.
    type: list
    elements: dict
    default: []
  allowed_targets:
    description: Addresses that may be probed, not names or networks. Everything else is refused.
    type: list
    elements: str
    required: true
  timeout:
    description: Seconds until a target counts as silent, at most 32.
    type: float
    default: 8.0
  retransmissions:
    description:
      - UDP datagrams after the first, at most 8. They leave after 0.5 s, then after twice the wait each time up to
        4 s, as RFC 3261 has it, and as long as O(timeout) has room for them.
      - Silence on UDP needs at least three datagrams to be proved, silence on TCP at least 3 seconds.
    type: int
    default: 4
  contact:
    description: Mail address or web page for the C(User-Agent), for anyone who reads the log.
    type: str
  verify:
    description:
      - Whether the TLS certificate is verified. A certificate that fails is reported and ends that conversation.
      - With V(false) it is not verified, and the result says so.
    type: bool
    default: true
  ca_file:
    description: Certificates to trust, in PEM form, on the host that probes; the system's by default.
    type: path
  require_proof:
    description: Whether the task fails when a target is not as O(targets[].expect) says, or its silence is unproved.
    type: bool
    default: false
  vantage:
    description: Name of this vantage point, shown where its result is passed as O(control_results).
    type: str
  started_at:
    description: Leave it out. The action plugin sets the controller's time, in Unix seconds.
    type: float
notes:
  - The host that probes must run Linux.
  - A TCP connection that opens counts as V(answered) even if nothing speaks SIP there. An open port is not
    silent.
  - Names are resolved before the first packet, for as long as the system takes.
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: A remote office is answered
  voipsec.hardening.sip_probe:
    targets:
      - {host: 203.0.113.10, port: 5061, transport: tls, server_name: pbx.acme.example}
    allowed_targets: [203.0.113.10]
    vantage: ipswich
  delegate_to: ipswich
  register: ipswich_probe

- name: Strangers get no answer
  voipsec.hardening.sip_probe:
    targets:
      - {host: 203.0.113.10, port: 5060, transport: udp, expect: silent}
      - {host: 203.0.113.10, port: 5060, transport: tcp, expect: silent}
      - {host: 203.0.113.10, port: 5061, transport: tls, expect: silent}
      - {host: 203.0.113.10, port: 443, transport: tcp_connect, expect: silent}
    allowed_targets: [203.0.113.10]
    control_results: ["{{ ipswich_probe }}"]
    require_proof: true
    contact: support@example.net
  delegate_to: monitoring
"""

RETURN = r"""
targets:
  description: The result of each target, controls first.
  returned: always
  type: list
  elements: dict
  contains:
    door:
      description: Address, transport and port in words.
      type: str
    host:
      description: As given.
      type: str
    address:
      description: Address that was probed.
      type: str
    port:
      description: Port.
      type: int
    transport:
      description: Transport.
      type: str
    control:
      description: Whether it is one of O(control).
      type: bool
    expect:
      description: As given. V(answered) for a control.
      type: str
    state:
      description: V(answered), V(refused), V(unreachable) or V(silent).
      type: str
    detail:
      description: What was seen, for example which machine sent an ICMP error.
      type: str
    sent:
      description: UDP datagrams, or TCP connections tried.
      type: int
    elapsed:
      description: Seconds until the state was known.
      type: float
    local:
      description: Address and port that the probe came from.
      type: str
    strays:
      description: Datagrams that came and were no answer to this probe.
      type: int
    status:
      description: Status code of the SIP answer.
      type: int
    phrase:
      description: Reason phrase of the SIP answer.
      type: str
    server:
      description: Header C(Server) of the SIP answer, or else C(User-Agent).
      type: str
    certificate:
      description:
        - For TLS whether the certificate is C(verified), and what the C(problem) is.
        - With a completed handshake also its C(sha256), and if verified C(subject), C(issuer), C(names) and
          C(not_after).
      type: dict
    verdict:
      description:
        - V(proved) is as expected. V(failed) is the opposite of what was expected.
        - V(unproved) is silent or unreachable, without anything that shows what this means.
        - V(rejected) is refused where silence was expected. Nothing gets in, but a stranger sees that there is a
          machine.
        - V(noted) is without expectation.
      type: str
    reason:
      description: Why.
      type: str
verdict:
  description: The worst verdict of all targets, in the order V(failed), V(unproved), V(rejected), V(proved), V(noted).
  returned: always
  type: str
  sample: proved
summary:
  description: One sentence for each target.
  returned: always
  type: list
  elements: str
  sample: ["203.0.113.10 udp 5060: silent (5 datagrams in 8.0 s). Proved: 203.0.113.10 tls 5061 answered ipswich 9 s
  before."]
failed_targets:
  description: The sentences of targets with the verdict V(failed).
  returned: always
  type: list
  elements: str
unproved_targets:
  description: The sentences of targets with the verdict V(unproved).
  returned: always
  type: list
  elements: str
rejected_targets:
  description: The sentences of targets with the verdict V(rejected).
  returned: always
  type: list
  elements: str
vantage:
  description: Name of the vantage point, as given.
  returned: always
  type: str
  sample: ipswich
started_at:
  description: When the probe began by the controller's clock, in Unix seconds.
  returned: always
  type: float
  sample: 1795428000.0
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.probe import CORE


def main() -> None:
    """Run on the task's host; the action plugin of the same name hands it there."""
    run_module(CORE)


if __name__ == "__main__":
    main()
