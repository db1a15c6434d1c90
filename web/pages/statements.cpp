// What the law asks a site to say.
#include "web/page.h"
#include "web/pages/handlers.h"

namespace aiguillage::web {

Response AccessibilityPage(Visit& visit) {
  return Page(visit, 200, "accessibility", "Accessibilité : non conforme", View());
}

Response LegalPage(Visit& visit) { return Page(visit, 200, "legal", "Mentions légales", View()); }

Response PrivacyPage(Visit& visit) {
  return Page(visit, 200, "privacy", "Données personnelles", View());
}

}  // namespace aiguillage::web
