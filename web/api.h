// The programs' side of the counter: /api/v1/…, read only, by a key that its owner makes in their
// account. Whoever shows it reads what its owner may read today; cookies do not count there.
//
//   Authorization: Bearer aig_4f2a…
//   {"title": "Demande incorrecte", "status": 422, "detail": "Cet appel n’existe pas…"}   (RFC
//   9457)
#pragma once

#include <string>

#include "web/page.h"
#include "web/request.h"
#include "web/response.h"
#include "web/visit.h"

namespace aiguillage::web {

inline constexpr int kApiRequestsAnHour = 1200;  // from one source

bool IsApi(const Request& request);
// Fills visit.visitor from the key. HttpError 401 for one that opens nothing, 429 too often.
void RecogniseKey(Visit& visit);
Response Problem(int status, const std::string& title, const std::string& sentence);

// One's keys, in one's account.
inline constexpr std::size_t kApiKeysMax = 10;
struct ApiKeyDraft {
  std::string label, error;
  std::string secret;  // right after it was made, shown this once
};
ApiKeyDraft MakeApiKey(Visit& visit);
void AddApiKeys(View& view, const Visit& visit, storage::Session& session,
                const ApiKeyDraft& draft);

// Routes (pages/api.cpp).
Response PipelineApi(Visit& visit);
Response OpenApiDocument(Visit& visit);
Response MakeApiKeyAct(Visit& visit);  // entrance.cpp: shows the account, and the key this once
Response EndApiKeyAct(Visit& visit);

}  // namespace aiguillage::web
