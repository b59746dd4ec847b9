"""Whom connections trust: read once, and as strict as httpx is by itself."""

import ssl

from shared_utils.http.tls import trusted


def test_every_client_has_the_same_certificates():
    assert trusted() is trusted()
    assert trusted().cert_store_stats()["x509_ca"] > 50


def test_hosts_and_their_certificates_are_checked():
    assert trusted().check_hostname
    assert trusted().verify_mode is ssl.CERT_REQUIRED
