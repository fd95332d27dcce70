"""A hospital without accounts that is asked by letter, as its tests and attackers meet it."""

from casemgr.referrals import queries, service
from casemgr.referrals.models import Bundle
from casemgr.referrals.rules import Sending
from casemgr.referrals.service import Proof
from tests.rig.network import CONTENT

ADDRESS = "https://giup.example"
SHARED = {name: CONTENT[name] for name in ("called_name", "code_word", "meeting_point", "safe_phone")}


class Hospital:
    """A referral to a hospital without accounts, sent by a worker who signs in."""

    def __init__(self, app, work, mai, case_id, referral) -> None:
        self.app, self.work, self.mai, self.case_id = app, work, mai, case_id
        self.referral_id, self.bundle_id = referral.id, referral.bundle_id
        self.letter = f"/cases/{case_id}/referrals/{referral.id}/letter"

    def codes(self):
        """Draw a passphrase and a code; return the number of the letter and both."""
        with self.work():
            codes = service.prepare_letter(self.mai.actor, self.case_id, self.referral_id)
            number = queries.open_letter(self.mai.actor, self.case_id, self.referral_id).number
        return number, codes.code, codes.passphrase

    def another_letter(self) -> tuple[str, str]:
        """Send a second request to the hospital; return number and code of its letter."""
        with self.work() as session:
            first = session.get(Bundle, self.bundle_id)
            sending = Sending(to_unit_id=first.to_unit_id, offer=dict(first.offer), content={})
            second = service.send_referral(self.mai.actor, self.case_id, sending)
            codes = service.prepare_letter(self.mai.actor, self.case_id, second.id)
            return queries.open_letter(self.mai.actor, self.case_id, second.id).number, codes.code

    def accept(self) -> None:
        """Record the yes that came by telephone."""
        with self.work():
            service.record_phone_acceptance(self.mai.actor, self.case_id, self.referral_id)

    def state(self):
        with self.work(write=False) as session:
            return session.get(Bundle, self.bundle_id).state


def proof(number, code, address="198.51.100.7"):
    return Proof(number=number, code=code, address=address)
