// The mails of an act, read and put otherwise before it is done.
//
//   auto texts = MailTextsOf(visit, rehearsal);     // one a template, as it would leave
//   AddMailTexts(view, texts);                      // fields objet.T, texte.T, origine.T
//   WordsFrom(visit)                                // what came back changed, for the desk
//
// A text that comes back as it was given is the template's own: it is made again from the answers
// as they are when the act is done. For those who work inside only.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/outcome.h"
#include "web/page.h"
#include "web/visit.h"
#include "workflows/desk.h"

namespace aiguillage::web {

struct MailText {
  std::string template_id, to;  // to: « porteur de projet (copie : chef de file) »
  std::string subject, text;
  std::string origin;  // digest of both as they were given
  bool changed = false;
};

// Reads by itself, so never inside a reading. Words posted with this visit stay.
std::vector<MailText> MailTextsOf(Visit& visit, const workflows::ActAnswer& rehearsal);
// Those that were posted and changed, when there is no rehearsal to tell the others.
std::vector<MailText> ChangedTexts(const Visit& visit);
void AddMailTexts(View& view, const std::vector<MailText>& texts);

using MailWords = std::map<std::string, nlohmann::json>;   // ActRequest::words
engine::Outcome<MailWords> WordsFrom(const Visit& visit);  // refused: which mail, and why

}  // namespace aiguillage::web
