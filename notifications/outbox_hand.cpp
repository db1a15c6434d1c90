#include "notifications/outbox_hand.h"

#include <algorithm>

#include "notifications/compose.h"
#include "notifications/mail_link.h"
#include "notifications/mime_text.h"

namespace aiguillage::notifications {
namespace {

using engine::Refusal;
using nlohmann::json;
using storage::OutboxRow;

constexpr std::size_t kReasonMax = 500, kNewSubjectMax = 150;
const std::string kDiscarded = "Écarté par ";

Refusal Declined(const std::string& code, const std::string& sentence) {
  return {code, sentence, {}};
}

// By the rails: what it says is no longer so.
bool IsWithdrawn(const OutboxRow& row) {
  return row.status == "withdrawn" && !row.detail.starts_with(kDiscarded);
}

HandOutcome Found(storage::Session& session, std::int64_t mail) {
  auto row = storage::FindOutbox(session, mail);
  if (!row || row->kind != "mail") return Declined("unknown_mail", "Ce courriel n’existe pas.");
  if (HoldsSecret(*row)) {
    return Declined("secret", "Ce lien est un secret : son destinataire en redemande un.");
  }
  return std::move(*row);
}

HandOutcome Waiting(storage::Session& session, std::int64_t mail) {
  auto row = Found(session, mail);
  if (!row || MayChange(row.value())) return row;
  return Declined("not_pending",
                  row.value().status == "sending"
                      ? "Ce courriel est en train de partir."
                      : "Ce courriel n’attend plus : il peut être renvoyé, pas changé.");
}

void Note(OutboxRow& row, const Hand& hand, const std::string& what, const std::string& why) {
  json note = {{"what", what}, {"person", hand.person}, {"name", hand.name}, {"at", hand.now}};
  if (!why.empty()) note["why"] = why;
  row.payload["hand"].push_back(std::move(note));
}

// The first address in a text that leads elsewhere than to our own pages.
std::string StrangeLink(const std::string& text, const std::string& public_url) {
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    std::size_t from = at;
    while (from > 0 && std::isalpha(static_cast<unsigned char>(text[from - 1])) != 0) --from;
    const std::string link = text.substr(from, text.find_first_of(" \t\r\n<>\"'", at) - from);
    if (link != public_url && !link.starts_with(public_url + "/")) return link;
  }
  return "";
}

}  // namespace

bool HoldsSecret(const OutboxRow& row) {
  return row.topic == kLoginTemplate || row.topic == kSubscribeTemplate;
}

bool MayChange(const OutboxRow& row) {
  return row.kind == "mail" && !HoldsSecret(row) && row.status == "pending";
}

bool MaySendAgain(const OutboxRow& row) {
  return row.kind == "mail" && !HoldsSecret(row) && row.done_at != 0 && !IsWithdrawn(row);
}

HandOutcome Discard(storage::Session& session, std::int64_t mail, const Hand& hand,
                    const std::string& reason) {
  auto row = Waiting(session, mail);
  if (!row) return row;
  const std::string why = CleanLine(reason, kReasonMax);
  if (why.empty()) return Declined("bad_input", "Dites pourquoi ce courriel ne part pas.");
  OutboxRow changed = std::move(row).value();
  Note(changed, hand, "discarded", why);
  changed.status = "withdrawn";
  changed.detail = kDiscarded + hand.name + " : " + why;
  changed.done_at = hand.now;
  storage::UpdateOutbox(session, changed);
  storage::ReleaseCarried(session, changed.id);
  return changed;
}

HandOutcome SendNow(storage::Session& session, std::int64_t mail, const Hand& hand) {
  auto row = Waiting(session, mail);
  if (!row) return row;
  OutboxRow changed = std::move(row).value();
  Note(changed, hand, "sent_now", "");
  changed.not_before = std::min(changed.not_before, hand.now);
  // By itself, unless a first try gathered others already: these stay with it.
  if (storage::CarriedBy(session, changed.id).empty()) changed.pace.clear();
  storage::UpdateOutbox(session, changed);
  return changed;
}

engine::Outcome<Words> CheckWords(const Words& words, const std::string& public_url) {
  const std::string subject = CleanLine(words.subject, kNewSubjectMax);
  const std::string text = CleanText(words.text);
  if (subject.empty() || text.find_first_not_of(" \n") == std::string::npos) {
    return Declined("bad_input", "Un courriel a un objet et un texte.");
  }
  if (text.size() > kRewrittenMax) {
    return Declined("bad_input", "Ce texte est trop long : 4 000 caractères au plus.");
  }
  for (const std::string& part : {subject, text}) {
    const std::string link = StrangeLink(part, public_url);
    if (link.empty()) continue;
    return Declined("bad_input",
                    "L’adresse « " + link +
                        " » mène ailleurs qu’à ce site : les personnes n’y seraient pas "
                        "protégées. Enlevez-la, ou déposez le document dans le projet.");
  }
  return Words{subject, text};
}

HandOutcome Rewrite(storage::Session& session, std::int64_t mail, const Hand& hand,
                    const Words& words, const std::string& public_url) {
  auto row = Waiting(session, mail);
  if (!row) return row;
  auto clean = CheckWords(words, public_url);
  if (!clean) return clean.refusal();
  OutboxRow changed = std::move(row).value();
  Note(changed, hand, "rewritten", "");
  changed.payload["rewritten"] = {{"subject", clean.value().subject}, {"text", clean.value().text}};
  storage::UpdateOutbox(session, changed);
  return changed;
}

HandOutcome SendAgain(storage::Session& session, std::int64_t mail, const Hand& hand) {
  auto row = Found(session, mail);
  if (!row) return row;
  if (IsWithdrawn(row.value())) {
    return Declined("withdrawn",
                    "Ce courriel a été retiré : l’acte a été repris, ou un autre courriel l’a "
                    "remplacé. Il dirait autre chose que ce qui est.");
  }
  if (!MaySendAgain(row.value())) {
    return Declined("not_done", "Ce courriel n’est pas encore parti.");
  }
  OutboxRow first = std::move(row).value();
  const json notes = first.payload.value("hand", json::array());
  const auto times = std::count_if(notes.begin(), notes.end(), [](const json& note) {
    return note.value("what", "") == "sent_again";
  });
  Note(first, hand, "sent_again", "");
  storage::UpdateOutbox(session, first);
  OutboxRow again;
  again.kind = first.kind;
  again.key = first.key + "/encore/" + std::to_string(times + 1);
  again.project = first.project;
  again.topic = first.topic;
  again.person = first.person;
  again.address = first.address;
  again.copy = first.copy;
  again.payload = first.payload;
  again.payload["hand"] = json::array();
  Note(again, hand, "copied", "");
  again.payload["again_of"] = first.id;
  again.status = "pending";
  again.created_at = again.not_before = hand.now;
  again.id = storage::InsertOutbox(session, again);
  return again;
}

}  // namespace aiguillage::notifications
