/** Spanish words by concept, of Spain and of Latin America, with the shorthand of text messages. */
export const words = {
  ME: 'me mi mí nos mis conmigo nuestro nuestra',
  YOU: 'tu usted ustedes vosotros os le les te su sus vos',
  THEY: 'ustedes usted ellos técnico tecnico plomero fontanero electricista chofer conductor vendedor asesor agente encargado nadie chico señor mecánico muchacho',
  NUM1: 'numtoken una uno dos tres cuatro cinco seis siete ocho nueve diez once doce media',
  MOD: 'puedo puede pueden podemos puedes podría podrían podrías podríamos podéis quiero quiere queremos quisiera quisiéramos necesito necesitamos gustaría',

  DAY: `lunes martes miércoles jueves viernes sábado sábados domingo domingos hoy mañana pasado finde enero febrero marzo abril mayo junio
    julio agosto septiembre octubre noviembre diciembre semana `,
  CLOCK: 'clocktime mediodía tarde tardes noche mañana medianoche tempranito temprano hrs ',
  SOON: 'pronto luego después cuando antes',

  APPT: `cita citas visita visitas prueba reunión reserva reservación reservacion turno turnos hora recorrido revisión inspección consulta demostración demo
    viaje traslado recogida instalación entrevista agendada recorrida`,
  BOOKV:
    'reservar reservo reserve reserva agendar agendo agende agenda agéndame agendame resérvame reservame apuntar apúntame apuntame anótame anotame apartar aparto apártame programar programe concertar coordinar agendamos reservamos programamos contratar apúntenme anótenme agéndenme',
  COMEV:
    'ir voy vamos iré paso pasar pasaré pasamos venir vengo venga vengan vienen viene ver verlo verla verlos verlas visitar probar probarlo probarla acercarme acerco acercar llegar llego conocer conocerla conocerlo recoger recogerme recogerlo pasarme manejar',
  CANCELV: 'cancelar cancela cancelo cancelen cancele cancelamos anular anula anulo anulen anule suspender',
  CANCEL:
    'cancelar cancela cancelo cancelen cancele cancelada cancelado cancelamos cancelarla cancelarlo anular anula anulo anulen anule anularla suspender suspendemos cancelemos',
  MOVEV:
    'cambiar cambio cambia cambie cambiamos cambiarla cambiarlo mover muevo mueve mueva movemos moverla moverlo pasarla pasarlo correr recorrer adelantar atrasar dejarlo dejarla dejémoslo',
  MOVE: `reprogramar reprogramo reprograma reprogramemos reprogramarla reagendar reagendamos reagendo reagendarla posponer posponerla posponemos aplazar aplazarla aplazamos retrasar
    recalendarizar reprogramación posponerlo aplazarlo postergar postergarla adelantarla reagendame moverla cambiarla`,
  CALL: 'llamar llamada llame llamen llama llámame llamame llámeme llameme llámenme llamenme llamarme marcar márcame marcame márqueme márquenme teléfono telefónica telefonema llamadita',
  CALLV:
    'llamar llame llamen llama llamas llaman marcar marque marquen marca contactar llamarme marcarme contactarme telefonear',

  PRICE: `precio precios costo costos coste costes cuesta cuestan vale valen valor tarifa tarifas cuota cuotas mensualidad mensualidades enganche 
    cotización cotizacion presupuesto presupuestos cobran cobra cobro comisión comisiones
    honorarios barato barata pagaría renta descuento rebaja costaría cobrarían
    cobrarian pvp`,
  FINANCE:
    'financiamiento financiación financiacion anticipo depósito iva impuestos pagar pago pagos intereses tasa tae fianza crédito credito plazos',
  DISCOUNT: 'descuento descuentos rebaja rebajar rebajan negociable negociar contado regatear rebajita descuentito',
  HOWMUCH:
    'cuestan costaría costaria cobran cotización cotizacion cotizar cotizarme cotícenme coticen cotíceme cotizame presupuestar',

  CAN: 'puedo puede pueden podemos puedes podría podrían podríamos posible podéis podrian podria ',
  WANT: 'quiero queremos quisiera quisiéramos necesito necesitamos gustaría gustaria busco buscamos deseo querría ocupo',
  NEG: 'no nunca ni ningún ninguna ninguno tampoco jamás sin nada',
  IF: 'si',
  HOURS: 'abren abierto abiertos abre horario horarios cierran cerrado cierra abrís',
  TOPIC: `dirección direccion ubicación ubicacion ubicados ubicado queda quedan dónde estacionamiento parking
    aparcamiento garantía garantia kilometraje kilómetros kms color colores tamaño entrega entregan envío envían envio seguro seguros incluye incluido incluyen toman
    disponible disponibles disponibilidad stock modelo año documentos papeles documentación requisitos licencia cobertura zona zonas mascotas perro niños
    asientos plazas habitaciones recámaras baños jardín terraza elevador ascensor automático automática manual diésel diesel gasolina eléctrico híbrido
    maletas equipaje pasajeros condiciones contrato efectivo tarjeta factura mantenimiento dueño dueños certificado certificados metros amueblado emergencia
    urgencias aceptan aceptáis domingos festivos`,

  YES: 'sí si sip simón claro obvio porsupuesto dale sale efectivamente afirmativo sii siii órale orale ',
  INTEREST: 'interesado interesada interesados interesa interesan interesaría interesante interés interes',
  LIKE: 'encanta encantó encanto encantan gusta gustó gustan hermoso hermosa precioso preciosa bonito bonita lindo linda increíble espectacular fantástico genial excelente perfecto perfecta maravilloso buenísimo chulo chula padrísimo padre chido bello bella excelente guapo divino',
  THING: `coche carro auto camioneta suv moto bmw audi seat tesla toyota honda nissan limusina limo traslado transporte taxi piso casa departamento depa apartamento
    caldera calentador boiler fontanero plomero electricista fuga tubería cocina baño techo página web sitio campaña anuncios seo aire furgoneta autobús chofer vehículo
    propiedad inmueble terreno`,

  NO: 'no nop nel nope negativo noo nooo nones',
  NONO: 'gracias grax',
  ANGRY: `pésimo pesimo pésima pesima terrible horrible malísimo malísima vergüenza verguenza vergonzoso inaceptable decepcionado decepcionada decepción decepcionante
    asco asqueroso estafa estafadores estafado fraude ladrones mentirosos mentiroso mienten mentira mintieron maleducado maleducados grosero groseros grosera
    irresponsables irresponsable incompetentes incompetente inútiles queja quejas quejarme reclamo reclamos reclamar reclamación reclamacion denuncia denunciar
    denunciaré molesto molesta harto harta hartos indignado indignante enojado enojada enfadado enfadada cabreado furioso desastre porquería porqueria basura timo
    lamentable impresentables impresentable chafa nefasto insatisfecho profeco burla ridículo profesionalidad cabrones cabreada`,
  REFUND: 'reembolso reembolsen reembolsar devolución devolucion devuélvanme devuelvanme indemnización compensación',
  ACT: `llamó llamo llamado llamaron llegó llego llegado llegaron vino vinieron venido contestó contesto contestado contesta contestan contestaron respondió responde responden
    respondido responderon respondieron contactó contacto contactado contactaron apareció aparecido aparecieron presentó presentado avisó avisado avisaron atiende atienden atendió
    escribió escrito dice dijo devuelven devolvió enviaron enviado mandaron mandado resuelve solucionan solucionó arreglaron arreglado entregado entregaron`,
  BADSERVICE: 'servicio atención atencion trato experiencia comunicación seriedad calidad trabajo soporte imagen',

  TECH: `reporte informe panel descargo portal contraseña contrasena clave código codigo subo enlace link liga app aplicación aplicacion formulario cuenta usuario archivo archivos
    pdf subir cargar descargar sesión sesion login registro otp verificación botón adjunto adjuntar wifi url qr plataforma perfil documento foto `,
  TECHV:
    'entrar abrir abre acceder iniciar ingresar subir cargar carga ver descargar enviar funciona funcionan registrarme registrar encuentro encontrar llega llegó llegado recibir pagar completar firmar deja jala sirve restablecer recuperar cambiar borrar',
  TROUBLE:
    'error falla fallo caído bloqueada bloqueado bloqueó expirado caducado caducó expiró inválido problema problemas traba trabado trabada',
  HELPWHO: 'alguien persona humano asesor agente soporte encargado',

  THANKS:
    'gracias grax grcs agradezco agradecido agradecida agradecidos agradecemos grasias thanks muchísimas amable amables',
  OK: 'ok okey okay oki vale bien bueno bueno entendido enterado enterada listo perfecto genial bien recibido anotado jaja jajaja jeje ya va correcto entiendo excelente súper estupendo ah claro',
  BUSYW: 'ocupado ocupada conduciendo manejando trabajando trabajo viaje junta reunión clase',
  POLITE: `hola buenas buenos días dias tardes noches día tarde noche buen porfa porfavor por favor muy todo todos y de la su ayuda atención un una a saludos abrazo con gusto mil muchas
    tan igualmente está esta es eso así que tenga lo ustedes usted ti vosotros te mucho muchísimas respuesta rápida información info tu señor señora amigo ya para el`,
  STAFF:
    'chofer conductor técnico tecnico plomero fontanero electricista vendedor vendedora agente asesor asesora chico chica señor señora muchacho recepcionista mecánico personal empleado empleada gestor',
  BILL: 'factura recibo cobro cargo presupuesto cuenta cotización cobraron ticket',
  GRUMBLE: 'excusa excusas roto rota colgó pagué dañado mal peor semanas pretextos',
  SITE: 'página pagina web sitio',
};
