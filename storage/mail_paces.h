// How often somebody wants their mails, by kind. What the kinds and paces mean is
// workflows/mail_pace.h.
//
//   SetPace(session, 17, "news", "weekly")
//   PacesOf(session, 17)                 {{"news", "weekly"}}; empty when they never chose
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace aiguillage::storage {

class Session;

std::map<std::string, std::string> PacesOf(Session&, std::int64_t person);  // kind -> pace
void SetPace(Session&, std::int64_t person, const std::string& kind, const std::string& pace);

}  // namespace aiguillage::storage
