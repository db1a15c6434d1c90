// What answers the addresses of figures: their pages and files, the rows behind them, the API.
#pragma once

#include "web/response.h"
#include "web/visit.h"

namespace aiguillage::web {

Response FiguresPage(Visit& visit);  // a panel's figures, or all of them to be printed
Response FigureCsv(Visit& visit);
Response FiguresXlsx(Visit& visit);  // ?chiffre=: one of them; else a sheet each
Response MethodsPage(Visit& visit);
Response PassagesPage(Visit& visit);
Response PassagesCsv(Visit& visit);
Response PassagesXlsx(Visit& visit);
Response PipelineApi(Visit& visit);
Response OpenApiDocument(Visit& visit);
Response MakeApiKeyAct(Visit& visit);  // shows the account, and the key this once
Response EndApiKeyAct(Visit& visit);

}  // namespace aiguillage::web
