// Where the rails send each message, as a pilot reads it.
//
//   MailUses(definition->chart)[0]     {"acknowledgement", « à l’entrée : Dossier déposé »,
//                                       to « porteur de projet », copy « instructeur »}
#pragma once

#include <string>
#include <vector>

#include "engine/chart.h"

namespace aiguillage::web {

struct MailUse {
  std::string message, where, to, copy;
};
std::vector<MailUse> MailUses(const engine::Chart& chart);  // in document order

// What is told when somebody writes in « Échanges »: no rails send it.
inline constexpr const char* kPostedTemplate = "message_posted";

}  // namespace aiguillage::web
