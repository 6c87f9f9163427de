# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated site as a real network: namespaces, a router that filters real packets, and probes inside them.

Nothing is imported here, because the probe starts as a program of its own many times.
"""
