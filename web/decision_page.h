// The page of a decision, shown first and shown again; pages/decision.cpp makes it,
// pages/decide.cpp brings what was typed.
#pragma once

#include <vector>

#include "web/mail_words.h"
#include "web/plan.h"
#include "web/response.h"
#include "web/scene.h"
#include "web/typed.h"

namespace aiguillage::web {

Response ShowDecision(const Scene& scene, const Typed& typed, const Plan& plan,
                      const std::vector<MailText>& texts);
// Why the action is not open, who can unlock it, and what one had typed.
Response ShowLocked(const Scene& scene);

}  // namespace aiguillage::web
